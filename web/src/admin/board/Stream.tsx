import { Box, Link, Typography } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { lateMs } from "../bids/late";
import { Outcome } from "../bids/Outcome";
import { span, useFormats } from "../parts/formats";
import { Refusals } from "./Refusals";
import { type StreamBid, useStream } from "./useStream";

const NEAR_MS = 60_000; // from where on it matters how many milliseconds there were

export function Stream() {
  const translate = useTranslate();
  const { bids } = useStream();
  return (
    <Box sx={{ flex: 1, minHeight: 0, height: "100%", display: "flex", flexDirection: "column" }}>
      <Refusals />
      <Box
        role="log"
        aria-live="off"
        aria-label={translate("vendue.board.stream")}
        tabIndex={0}
        sx={{ flex: 1, overflowY: "auto" }}
      >
        <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0 }}>
          {bids.map((bid) => (
            <Line key={bid.documentId} bid={bid} />
          ))}
          {!bids.length && (
            <Typography component="li" color="textSecondary" sx={{ p: 4, textAlign: "center" }}>
              {translate("vendue.board.no_bids")}
            </Typography>
          )}
        </Box>
      </Box>
    </Box>
  );
}

function Line({ bid }: { bid: StreamBid }) {
  const translate = useTranslate();
  const { money, time, number } = useFormats();
  const late = lateMs(bid);
  const near = late !== null && late > -NEAR_MS;
  return (
    <Box
      component="li"
      sx={{
        px: 2,
        py: 0.75,
        borderBottom: 1,
        borderColor: "divider",
        display: "grid",
        gridTemplateColumns: "1fr auto",
        columnGap: 1,
        fontSize: 13,
      }}
    >
      <Box sx={{ minWidth: 0, display: "flex", gap: 1, alignItems: "baseline" }}>
        <Box component="time" dateTime={new Date(bid.placed_at).toISOString()} sx={{ color: "text.secondary" }}>
          {time(bid.placed_at)}.{`${bid.placed_at % 1000}`.padStart(3, "0")}
        </Box>
        {near && (
          <Box
            component="span"
            sx={{ fontWeight: 700, color: late >= 0 ? "error.main" : "warning.main", whiteSpace: "nowrap" }}
            title={translate(late >= 0 ? "vendue.board.after_end" : "vendue.board.before_end")}
          >
            {span(late, number)}
          </Box>
        )}
      </Box>
      <Box sx={{ fontWeight: 650, textAlign: "right" }}>
        {bid.amount === null
          ? translate(bid.status === "accepted" ? "vendue.board.hidden" : "vendue.board.no_amount")
          : money(bid.amount, bid.auction?.currency)}
      </Box>
      <Link
        component={RouterLink}
        to={`/auctions/${bid.auction?.documentId}/show`}
        color="inherit"
        underline="hover"
        noWrap
      >
        {bid.auction?.title}
      </Link>
      <Box
        sx={{
          textAlign: "right",
          display: "flex",
          gap: 1,
          alignItems: "center",
          justifyContent: "end",
          whiteSpace: "nowrap",
        }}
      >
        {bid.alias}
        <Outcome bid={bid} />
      </Box>
    </Box>
  );
}
