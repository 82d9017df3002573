// One action on one auction: what it needs beside a reason, and what it does.

import { Checkbox, FormControlLabel, TextField } from "@mui/material";
import { useRef, useState } from "react";
import { useTranslate } from "react-admin";
import { newKey } from "../../api/key";
import { serverNow } from "../../live/clock";
import { act } from "../data/act";
import { useFormats } from "../parts/formats";
import { EXAMPLE } from "../parts/inputs";
import { fromLocal, toLocal } from "../parts/moment";
import { ReasonDialog } from "../parts/ReasonDialog";
import { useSay } from "../parts/useResult";
import { type Asked, DANGEROUS } from "./actions";
import { BidderChoice } from "./BidderChoice";

export interface Subject {
  id: string;
  title: string;
  currency: string | null;
  ends_at: number | null;
  price: number | null;
}

interface Props {
  action: Asked;
  subject: Subject;
  close: () => void;
  done?: () => void;
}

const LATER_MS = 120_000;

export function ActionDialog({ action, subject, close, done }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const { money, moment, plain, parse } = useFormats();
  const [end, setEnd] = useState(() => toLocal(Math.max(subject.ends_at ?? 0, serverNow()) + LATER_MS));
  const [price, setPrice] = useState("");
  const [bidder, setBidder] = useState("");
  const [again, setAgain] = useState(false);
  // One key for one wish: a second press after an answer that was lost does nothing twice.
  const sent = useRef({ wish: "", key: "" });

  const currency = subject.currency ?? "";
  const endsAt = fromLocal(end);
  const offer = parse(price, currency);
  const fields: Record<string, () => [boolean, Record<string, unknown>]> = {
    extend: () => [endsAt !== null && endsAt > (subject.ends_at ?? 0), { ends_at: endsAt }],
    counter: () => [offer !== null && offer > (subject.price ?? 0), { price: offer }],
    retract: () => [bidder !== "", { bidder, allow_rebid: again }],
  };
  const [ready, data] = fields[action]?.() ?? [true, {}];

  async function ask(reason: string) {
    const wish = JSON.stringify([data, reason]);
    if (sent.current.wish !== wish) sent.current = { wish, key: newKey() };
    const decided = await act(subject.id, action, { ...data, reason }, sent.current.key);
    say(decided ? "vendue.actions.done" : "vendue.actions.pending");
    done?.();
  }

  const facts = { price: money(subject.price, currency), end: moment(subject.ends_at) };
  return (
    <ReasonDialog
      title={translate(`vendue.actions.${action}.title`)}
      text={
        <>
          <strong>{subject.title}</strong>
          <br />
          {translate(`vendue.actions.${action}.text`, facts)}
        </>
      }
      confirm={translate(`vendue.actions.${action}.confirm`)}
      danger={DANGEROUS.includes(action)}
      ready={ready}
      ask={ask}
      close={close}
    >
      {action === "extend" && (
        <TextField
          type="datetime-local"
          label={translate("vendue.actions.extend.end")}
          value={end}
          onChange={(event) => setEnd(event.target.value)}
          fullWidth
          required
          autoFocus
          slotProps={{ htmlInput: { step: 1 }, inputLabel: { shrink: true } }}
        />
      )}
      {action === "counter" && (
        <TextField
          label={translate("vendue.actions.counter.price", { currency })}
          value={price}
          onChange={(event) => setPrice(event.target.value)}
          error={price !== "" && offer === null}
          helperText={
            price !== "" &&
            offer === null &&
            translate("vendue.terms.unreadable", { example: plain(EXAMPLE, currency) })
          }
          fullWidth
          required
          autoFocus
          slotProps={{ htmlInput: { inputMode: "decimal" } }}
        />
      )}
      {action === "retract" && (
        <>
          <BidderChoice auction={subject.id} value={bidder} choose={setBidder} />
          <FormControlLabel
            control={<Checkbox checked={again} onChange={(event) => setAgain(event.target.checked)} />}
            label={translate("vendue.actions.retract.again")}
          />
        </>
      )}
    </ReasonDialog>
  );
}
