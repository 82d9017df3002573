// Who may do what: five roles, every action, in force at once.

import { Alert, Box, Button, Card, MenuItem, Paper, TextField, Typography } from "@mui/material";
import { useState } from "react";
import { Title, useCanAccess, useNotify, useTranslate } from "react-admin";
import type { Role } from "../../api/types";
import { useNarrow } from "../parts/Narrow";
import { ReasonDialog } from "../parts/ReasonDialog";
import { ChangeList } from "./ChangeList";
import { groupsOf, ROLES } from "./matrix";
import { RoleTable } from "./RoleTable";
import { useMatrix } from "./useMatrix";

export default function Roles() {
  const translate = useTranslate();
  const notify = useNotify();
  const narrow = useNarrow();
  const { canAccess: mayEdit } = useCanAccess({ resource: "roles", action: "edit" });
  const { matrix, shown, waiting, meanwhile, set, save, discard, error } = useMatrix();
  const [role, setRole] = useState<Role>("authenticated");
  const [asking, setAsking] = useState(false);
  if (error) return <Alert severity="error">{error.message}</Alert>;
  if (!matrix || !shown) return null;

  async function ask(reason: string) {
    await save(reason);
    notify("vendue.roles.saved", { type: "success" });
  }

  return (
    <Box sx={{ pb: waiting.length ? 10 : 0 }}>
      <Title title={translate("vendue.roles.title")} />
      <Typography sx={{ mb: 1, mt: 1, maxWidth: 820 }} color="textSecondary">
        {translate(mayEdit ? "vendue.roles.about" : "vendue.roles.read_only")}
      </Typography>
      {meanwhile.length > 0 && (
        <Alert severity="warning" sx={{ mb: 1 }}>
          {translate("vendue.roles.by_others")}
          <ChangeList changes={meanwhile} />
        </Alert>
      )}
      {narrow && (
        <TextField
          select
          fullWidth
          label={translate("resources.users.fields.role")}
          value={role}
          onChange={({ target }) => setRole(target.value as Role)}
        >
          {ROLES.map((each) => (
            <MenuItem key={each} value={each}>
              {translate(`vendue.role.${each}`)}
            </MenuItem>
          ))}
        </TextField>
      )}
      <Card sx={{ overflow: "visible" }}>
        <RoleTable
          groups={groupsOf(matrix)}
          roles={narrow ? [role] : ROLES}
          was={matrix}
          shown={shown}
          set={mayEdit ? set : undefined}
        />
      </Card>
      {waiting.length > 0 && (
        <Paper
          elevation={8}
          role="region"
          aria-label={translate("vendue.roles.waiting", waiting.length)}
          sx={{
            position: "fixed",
            bottom: 16,
            right: 16,
            left: "auto",
            p: 2,
            zIndex: 10,
            display: "flex",
            gap: 2,
            alignItems: "center",
          }}
        >
          <Typography>{translate("vendue.roles.waiting", waiting.length)}</Typography>
          <Button color="inherit" onClick={discard}>
            {translate("vendue.roles.discard")}
          </Button>
          <Button variant="contained" onClick={() => setAsking(true)}>
            {translate("vendue.roles.review")}
          </Button>
        </Paper>
      )}
      {asking && (
        <ReasonDialog
          title={translate("vendue.roles.review_title")}
          text={<ChangeList changes={waiting} />}
          confirm={translate("ra.action.save")}
          ready={waiting.length > 0}
          ask={ask}
          close={() => setAsking(false)}
        />
      )}
    </Box>
  );
}
