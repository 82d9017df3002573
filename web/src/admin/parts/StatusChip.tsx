// How a sale, a bid or an account stands: a word, with a colour beside it.

import { Chip } from "@mui/material";
import { useTranslate } from "react-admin";

const COLOURS: Record<string, "default" | "success" | "error" | "warning" | "info" | "primary"> = {
  live: "success",
  scheduled: "info",
  pending_approval: "warning",
  countered: "warning",
  sold: "primary",
  accepted: "success",
  refused: "error",
  void: "error",
  cancelled: "error",
  blocked: "error",
  asked: "warning",
  undone: "error",
};

export function StatusChip({ status, label }: { status: string; label?: string }) {
  const translate = useTranslate();
  return (
    <Chip
      size="small"
      variant="outlined"
      color={COLOURS[status] ?? "default"}
      label={label ?? translate(`vendue.status.${status}`, { _: status })}
    />
  );
}
