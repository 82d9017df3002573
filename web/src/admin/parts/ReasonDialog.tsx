// Nothing is done to somebody else's sale or account without a reason, which the log keeps.

import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  TextField,
} from "@mui/material";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslate } from "react-admin";
import { useFault } from "./useResult";

const LEAST = 3;
const MOST = 1000;

export interface ReasonDialogProps {
  title: string;
  text?: ReactNode;
  confirm: string;
  danger?: boolean;
  ready?: boolean; // whether what stands in `children` is complete
  children?: ReactNode;
  ask: (reason: string) => Promise<unknown>;
  close: () => void;
}

export function ReasonDialog({ title, text, confirm, danger, ready = true, children, ask, close }: ReasonDialogProps) {
  const translate = useTranslate();
  const faultOf = useFault();
  const id = useId();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const said = reason.trim();

  async function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation(); // a dialog is a child of the form it was opened from
    setBusy(true);
    setFault("");
    try {
      await ask(said);
      close();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={busy ? undefined : close} fullWidth maxWidth="sm" aria-labelledby={id}>
      <form onSubmit={submit}>
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          {text && <DialogContentText component="div">{text}</DialogContentText>}
          {children}
          <TextField
            label={translate("vendue.reason.label")}
            helperText={translate("vendue.reason.help")}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            required
            fullWidth
            multiline
            minRows={2}
            autoFocus={!children}
            slotProps={{ htmlInput: { maxLength: MOST } }}
          />
          <div aria-live="assertive">{fault && <Alert severity="error">{fault}</Alert>}</div>
        </DialogContent>
        <DialogActions>
          <Button onClick={close} disabled={busy} color="inherit">
            {translate("ra.action.cancel")}
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={danger ? "error" : "primary"}
            disabled={busy || !ready || said.length < LEAST}
          >
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
