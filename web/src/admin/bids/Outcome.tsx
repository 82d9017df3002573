import { useTranslate } from "react-admin";
import { StatusChip } from "../parts/StatusChip";

interface Judged {
  status?: string;
  outcome?: string | null;
  code?: string | null;
}

export function Outcome({ bid: { status = "accepted", outcome, code } }: { bid: Judged }) {
  const translate = useTranslate();
  const said = status === "accepted" ? outcome : code;
  const label = said ? translate(`vendue.outcome.${said}`, { _: said }) : undefined;
  return (
    <StatusChip status={status === "accepted" ? (outcome === "leading" ? "accepted" : "") : status} label={label} />
  );
}
