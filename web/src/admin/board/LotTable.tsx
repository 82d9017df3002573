// Lots, one a line, of which only those in sight are there: a sale may have thousands.

import { Box, Typography } from "@mui/material";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useTranslate } from "react-admin";
import { useNarrow } from "../parts/Narrow";
import { LotRow } from "./LotRow";
import type { Lot, View } from "./lot";
import { useWatchers } from "./useWatchers";

const HEIGHT = 46;
const NARROW_HEIGHT = 84;

export const COLUMNS = "minmax(120px, 1fr) 72px 104px 80px 88px 44px 72px 40px";

export function LotTable({ lots, view, done }: { lots: Lot[]; view: View; done: () => void }) {
  const translate = useTranslate();
  const narrow = useNarrow();
  const watchers = useWatchers();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? NARROW_HEIGHT : HEIGHT),
    getItemKey: (at) => lots[at]?.id ?? at,
    overscan: 8,
  });
  if (!lots.length)
    return (
      <Typography color="textSecondary" sx={{ p: 4, textAlign: "center" }}>
        {translate(`vendue.board.none_${view}`)}
      </Typography>
    );
  const heads = [
    "lot",
    view === "scheduled" ? "starts" : "left",
    "price",
    "leader",
    "reserve",
    "bids",
    "watchers",
    "actions",
  ];
  return (
    <Box
      ref={scroller}
      sx={{ height: "100%", overflow: "auto" }}
      tabIndex={0}
      role="group"
      aria-label={translate(`vendue.board.${view}`)}
    >
      <Box
        role="table"
        aria-label={translate(`vendue.board.${view}`)}
        aria-rowcount={lots.length + 1}
        sx={{ minWidth: narrow ? 0 : 662 }}
      >
        <Box
          role="rowgroup"
          sx={narrow ? HIDDEN : { position: "sticky", top: 0, zIndex: 1, bgcolor: "background.paper" }}
        >
          <Box
            role="row"
            aria-rowindex={1}
            sx={{
              display: "grid",
              gridTemplateColumns: COLUMNS,
              px: 1.5,
              py: 0.75,
              borderBottom: 1,
              borderColor: "divider",
              color: "text.secondary",
              fontSize: 12,
              fontWeight: 600,
            }}
          >
            {heads.map((head) => (
              <Box key={head} role="columnheader" sx={{ textAlign: RIGHT.includes(head) ? "right" : "left", px: 0.75 }}>
                {head === "actions" ? (
                  <Box sx={HIDDEN}>{translate("vendue.board.actions")}</Box>
                ) : (
                  translate(`vendue.board.${head}`)
                )}
              </Box>
            ))}
          </Box>
        </Box>
        <Box role="rowgroup" sx={{ position: "relative" }} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start, size }) => {
            const lot = lots[index];
            return (
              lot && (
                <LotRow
                  key={key}
                  lot={lot}
                  view={view}
                  at={index}
                  top={start}
                  height={size}
                  narrow={narrow}
                  watchers={watchers && (watchers[lot.id] ?? 0)}
                  done={done}
                />
              )
            );
          })}
        </Box>
      </Box>
    </Box>
  );
}

const RIGHT = ["left", "starts", "price", "bids", "watchers"];
const HIDDEN = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
} as const;
