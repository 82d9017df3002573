// Somebody saved this row meanwhile: who, what, and which of the two shall stand.

import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from "@mui/material";
import { useState } from "react";
import { useDataProvider, useTranslate } from "react-admin";
import { statusOf } from "../data/faults";
import { NOTHING, useFormats } from "../parts/formats";
import { useFault } from "../parts/useResult";
import { differences } from "./difference";
import { type Conflict, type Entry, useConflict } from "./useConflict";

interface Props {
  subject: string;
  conflict: Conflict;
  done: (kept: "mine" | "theirs") => void;
  close: () => void;
}

export function ConflictDialog({ subject, conflict, done, close }: Props) {
  const translate = useTranslate();
  const provider = useDataProvider();
  const faultOf = useFault();
  const [round, setRound] = useState(0);
  const [fault, setFault] = useState("");
  const { data } = useConflict(subject, conflict, round);

  async function keepMine() {
    if (!data) return;
    const mine = { ...conflict.mine, etag: data.theirs.etag };
    try {
      await provider.update(subject, { id: conflict.id, data: mine, previousData: conflict.base });
      done("mine");
    } catch (error) {
      // Once more: what is shown must be what is overwritten.
      if (statusOf(error) === 412) setRound(round + 1);
      else setFault(faultOf(error));
    }
  }

  return (
    <Dialog open onClose={close} fullWidth maxWidth="md" aria-labelledby="conflict">
      <DialogTitle id="conflict">{translate("vendue.conflict.title")}</DialogTitle>
      <DialogContent>
        {data && (
          <>
            <Who entries={data.entries} at={data.theirs.updatedAt} />
            <Fields subject={subject} conflict={conflict} theirs={data.theirs} />
          </>
        )}
        <div aria-live="assertive">{fault && <Alert severity="error">{fault}</Alert>}</div>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {translate("vendue.conflict.back")}
        </Button>
        <Button variant="outlined" disabled={!data} onClick={() => done("theirs")}>
          {translate("vendue.conflict.theirs")}
        </Button>
        <Button variant="contained" disabled={!data} onClick={keepMine}>
          {translate("vendue.conflict.mine")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Who({ entries, at }: { entries: Entry[]; at: string }) {
  const translate = useTranslate();
  const { moment } = useFormats();
  if (!entries.length) return <Typography>{translate("vendue.conflict.unknown", { at: moment(at) })}</Typography>;
  return (
    <Box component="ul" sx={{ mt: 0, pl: 2.5 }}>
      {entries.map((entry) => (
        <li key={entry.id}>
          {translate("vendue.conflict.who", {
            name: entry.name,
            role: translate(`vendue.role.${entry.role}`),
            at: moment(entry.at),
          })}
        </li>
      ))}
    </Box>
  );
}

function Fields({
  subject,
  conflict,
  theirs,
}: {
  subject: string;
  conflict: Conflict;
  theirs: Record<string, unknown>;
}) {
  const translate = useTranslate();
  const found = differences(subject, conflict.base, conflict.mine, theirs);
  return (
    <>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{translate("vendue.conflict.field")}</TableCell>
            <TableCell>{translate("vendue.conflict.my_value")}</TableCell>
            <TableCell>{translate("vendue.conflict.their_value")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {found.map(({ field, mine, theirs: other, both }) => (
            <TableRow key={field} sx={both ? { "& td, & th": { fontWeight: 650 } } : undefined}>
              <TableCell component="th" scope="row">
                {translate(`resources.${subject}.fields.${field}`)}
              </TableCell>
              <TableCell>{text(mine)}</TableCell>
              <TableCell>{text(other)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
        {translate("vendue.conflict.help")}
      </Typography>
    </>
  );
}

const text = (value: unknown) => (value === null || value === undefined || value === "" ? NOTHING : `${value}`);
