import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { useTick } from "../../live/use";
import { countdown } from "../parts/formats";
import { StatusChip } from "../parts/StatusChip";
import { dueAt, type Lot, type View } from "./lot";

const SOON_S = 60;
const LAST_S = 10;

export function Countdown({ lot, view }: { lot: Lot; view: View }) {
  const translate = useTranslate();
  const due = dueAt(lot);
  const left = useTick((now) => countdown(due - now));
  const near = useTick((now) => (due - now < LAST_S * 1000 ? "last" : due - now < SOON_S * 1000 ? "soon" : ""));
  const over = useTick((now) => now >= due);
  if (view === "live" && lot.status !== "live") return <StatusChip status={lot.status} />;
  if (over && view === "live") return <Box component="span">{translate("vendue.board.closing")}</Box>;
  const urgent = view === "live" && near;
  return (
    <Box
      component="time"
      dateTime={new Date(due).toISOString()}
      sx={{
        fontWeight: urgent ? 700 : 500,
        color: urgent === "last" ? "error.main" : urgent === "soon" ? "warning.main" : "text.primary",
      }}
    >
      {left}
    </Box>
  );
}
