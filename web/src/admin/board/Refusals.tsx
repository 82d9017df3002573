// What was refused in the last minute, by reason. Whose bids these were and how high, the rules keep from the house.

import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { useMetrics } from "../health/history";
import { increase } from "../health/series";

const MINUTE_MS = 60_000;
const ACCEPTED = ["leading", "outbid_by_earlier_equal", "outbid_by_higher_maximum", "sealed", "bought"];

export function Refusals() {
  const translate = useTranslate();
  const snapshots = useMetrics();
  const found = [...increase(snapshots, "vendue_bids_total", "result", MINUTE_MS)]
    .filter(([result, count]) => !ACCEPTED.includes(result) && count > 0)
    .sort(([, one], [, other]) => other - one);
  return (
    <Box sx={{ px: 2, py: 0.75, borderBottom: 1, borderColor: "divider", fontSize: 13, color: "text.secondary" }}>
      {translate("vendue.board.refused_minute")}:{" "}
      {found.length
        ? found.map(([code, count]) => `${translate(`vendue.outcome.${code}`, { _: code })} ${count}`).join(" · ")
        : translate("vendue.board.none_refused")}
    </Box>
  );
}
