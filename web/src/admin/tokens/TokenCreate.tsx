// A token is shown once, here, and never again.

import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from "@mui/material";
import { useState } from "react";
import {
  Create,
  type RaRecord,
  required,
  SelectInput,
  SimpleForm,
  TextInput,
  usePermissions,
  useRedirect,
  useTranslate,
} from "react-admin";
import { serverNow } from "../../live/clock";
import { MomentInput } from "../parts/inputs";

const DAY_MS = 24 * 3_600_000;
const BELOW: Record<string, string[]> = { admin: ["admin", "auctioneer"], auctioneer: ["auctioneer"] };

export default function TokenCreate() {
  const translate = useTranslate();
  const { permissions } = usePermissions<string>();
  const [made, setMade] = useState<RaRecord | null>(null);
  const roles = (BELOW[permissions ?? ""] ?? []).map((id) => ({ id, name: translate(`vendue.role.${id}`) }));
  return (
    <Create mutationOptions={{ onSuccess: setMade }}>
      <SimpleForm defaultValues={() => ({ role: "auctioneer", expires_at: Math.round(serverNow()) + 30 * DAY_MS })}>
        <Alert severity="info" sx={{ mb: 1 }}>
          {translate("vendue.tokens.about")}
        </Alert>
        <TextInput source="name" validate={required()} />
        <SelectInput source="role" choices={roles} validate={required()} />
        <MomentInput source="expires_at" helperText={translate("vendue.tokens.longest")} />
      </SimpleForm>
      {made && <Shown token={`${made.accessKey}`} />}
    </Create>
  );
}

function Shown({ token }: { token: string }) {
  const translate = useTranslate();
  const redirect = useRedirect();
  const [copied, setCopied] = useState(false);
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="token">
      <DialogTitle id="token">{translate("vendue.tokens.made")}</DialogTitle>
      <DialogContent>
        <Alert severity="warning">{translate("vendue.tokens.once")}</Alert>
        <TextField
          label={translate("vendue.tokens.token")}
          value={token}
          fullWidth
          onFocus={(event) => event.target.select()}
          slotProps={{ htmlInput: { readOnly: true, spellCheck: false } }}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={() => navigator.clipboard.writeText(token).then(() => setCopied(true))}>
          {translate(copied ? "vendue.tokens.copied" : "vendue.tokens.copy")}
        </Button>
        <Button variant="contained" onClick={() => redirect("list", "api-tokens")}>
          {translate("ra.action.close")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
