// The auctioneer's desk: what ends next, who leads, and every bid as it falls.

import { Alert, Box, Paper, Tab, Tabs, Typography } from "@mui/material";
import { useMemo, useState } from "react";
import { Title, useTranslate } from "react-admin";
import { useTick, useWatch } from "../../live/use";
import { useNarrow } from "../parts/Narrow";
import { LotTable } from "./LotTable";
import { dueAt, type Lot, type View, viewOf, withStanding } from "./lot";
import { Stream } from "./Stream";
import { useLots } from "./useLots";

const VIEWS: View[] = ["live", "waiting", "scheduled"];

export default function Board() {
  const translate = useTranslate();
  const narrow = useNarrow();
  const { lots, refetch, error } = useLots();
  const [view, setView] = useState<View | "bids">("live");
  // The order is made anew each second, the figures in a row whenever they change.
  const second = useTick((now) => Math.floor(now / 1000));
  const byView = useMemo(() => sorted(lots, second * 1000), [lots, second]);
  useWatch(useMemo(() => byView.waiting.map(({ id }) => id), [byView]));
  const shown = view === "bids" ? byView.live : byView[view];

  return (
    <Box
      sx={{
        display: "grid",
        gap: 2,
        gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 320px", xl: "minmax(0, 1fr) 360px" },
      }}
    >
      <Title title={translate("vendue.board.title")} />
      <Paper
        sx={{
          minWidth: 0,
          height: { xs: "calc(100dvh - 72px)", sm: "calc(100dvh - 96px)" },
          display: "flex",
          flexDirection: "column",
        }}
      >
        <Tabs
          value={view}
          onChange={(_, next) => setView(next)}
          variant="scrollable"
          scrollButtons={false}
          aria-label={translate("vendue.board.views")}
          sx={{ borderBottom: 1, borderColor: "divider", minHeight: 44, flexShrink: 0 }}
        >
          {VIEWS.map((each) => (
            <Tab
              key={each}
              value={each}
              id={`view-${each}`}
              aria-controls="lots"
              label={`${translate(`vendue.board.${each}`)} (${byView[each].length})`}
              sx={{ minHeight: 44 }}
            />
          ))}
          {narrow && (
            <Tab
              value="bids"
              id="view-bids"
              aria-controls="lots"
              label={translate("vendue.board.stream")}
              sx={{ minHeight: 44 }}
            />
          )}
        </Tabs>
        {error && <Alert severity="error">{error.message}</Alert>}
        <Box id="lots" role="tabpanel" aria-labelledby={`view-${view}`} sx={{ flex: 1, minHeight: 0 }}>
          {view === "bids" ? <Stream /> : <LotTable lots={shown} view={view} done={refetch} />}
        </Box>
      </Paper>
      {!narrow && (
        <Paper
          component="section"
          aria-labelledby="stream"
          sx={{ minWidth: 0, height: { sm: 420, lg: "calc(100dvh - 96px)" }, display: "flex", flexDirection: "column" }}
        >
          <Typography
            id="stream"
            component="h2"
            variant="h6"
            sx={{ px: 2, py: 1.25, borderBottom: 1, borderColor: "divider" }}
          >
            {translate("vendue.board.stream")}
          </Typography>
          <Stream />
        </Paper>
      )}
    </Box>
  );
}

function sorted(lots: Map<string, Lot>, now: number): Record<View, Lot[]> {
  const found: Record<View, Lot[]> = { live: [], waiting: [], scheduled: [] };
  for (const lot of lots.values()) {
    const fresh = withStanding(lot);
    const view = viewOf(fresh, now);
    if (view) found[view].push(fresh);
  }
  for (const view of VIEWS) found[view].sort((one, other) => dueAt(one) - dueAt(other));
  return found;
}
