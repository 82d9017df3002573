import { Box, keyframes, Link } from "@mui/material";
import { memo, type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { useStanding, useTick } from "../../live/use";
import { ActionMenu } from "../auctions/ActionMenu";
import { NOTHING, useFormats } from "../parts/formats";
import { Countdown } from "./Countdown";
import { COLUMNS } from "./LotTable";
import { type Lot, priceNow, type View, withStanding } from "./lot";
import { Reserve } from "./Reserve";

interface Props {
  lot: Lot;
  view: View;
  at: number;
  top: number;
  height: number;
  narrow: boolean;
  watchers: number | undefined; // not known
  done: () => void;
}

export const LotRow = memo(function LotRow({ lot: given, view, at, top, height, narrow, watchers, done }: Props) {
  const standing = useStanding(given.id);
  const lot = withStanding(given, standing);
  const { number } = useFormats();
  const title = (
    <Link
      component={RouterLink}
      to={`/auctions/${lot.id}/show`}
      title={lot.title}
      color="inherit"
      underline="hover"
      noWrap
      sx={{ display: "block", fontWeight: 600 }}
    >
      {lot.title}
    </Link>
  );
  const menu = <ActionMenu subject={lot} status={lot.status} done={done} />;
  const place = { position: "absolute", left: 0, right: 0, top: 0, borderBottom: 1, borderColor: "divider" } as const;
  const style = { height, transform: `translateY(${top}px)` };
  if (narrow)
    return (
      <Box
        role="row"
        aria-rowindex={at + 2}
        sx={{ ...place, display: "flex", alignItems: "center", px: 1 }}
        style={style}
      >
        <Box role="cell" sx={{ flex: 1, minWidth: 0 }}>
          {title}
          <Box sx={{ display: "flex", gap: 1.5, alignItems: "baseline", flexWrap: "wrap" }}>
            <Price lot={lot} />
            <Count of="count" count={lot.bids} />
            {!!watchers && <Count of="watching" count={watchers} />}
          </Box>
          <Box sx={{ display: "flex", gap: 1, color: "text.secondary", fontSize: 13 }}>
            <span>{lot.leader ?? NOTHING}</span>
            <Reserve lot={lot} />
          </Box>
        </Box>
        <Box role="cell">
          <Countdown lot={lot} view={view} />
        </Box>
        <Box role="cell">{menu}</Box>
      </Box>
    );
  return (
    <Box
      role="row"
      aria-rowindex={at + 2}
      sx={{
        ...place,
        display: "grid",
        gridTemplateColumns: COLUMNS,
        alignItems: "center",
        px: 1.5,
        "&:hover": { bgcolor: "action.hover" },
      }}
      style={style}
    >
      <Cell>{title}</Cell>
      <Cell right>
        <Countdown lot={lot} view={view} />
      </Cell>
      <Cell right>
        <Price lot={lot} />
      </Cell>
      <Cell>{lot.leader ?? NOTHING}</Cell>
      <Cell>
        <Reserve lot={lot} />
      </Cell>
      <Cell right>{number(lot.bids)}</Cell>
      <Cell right>{watchers === undefined ? NOTHING : number(watchers)}</Cell>
      <Box role="cell">{menu}</Box>
    </Box>
  );
});

function Cell({ right, children }: { right?: boolean; children: ReactNode }) {
  return (
    <Box
      role="cell"
      sx={{
        px: 0.75,
        minWidth: 0,
        overflow: "hidden",
        textOverflow: "ellipsis",
        whiteSpace: "nowrap",
        textAlign: right ? "right" : "left",
      }}
    >
      {children}
    </Box>
  );
}

const flash = keyframes`from { background-color: var(--flash); } to { background-color: transparent; }`;

// It lights up for a moment where somebody bid.
function Price({ lot }: { lot: Lot }) {
  const { money } = useFormats();
  const price = useTick((now) => priceNow(lot, now) ?? -1);
  return (
    <Box
      key={lot.seq}
      component="span"
      sx={(theme) => ({
        "--flash": `color-mix(in srgb, ${theme.palette.primary.main} 45%, transparent)`,
        animation: `${flash} 1.2s ease-out`,
        borderRadius: 1,
        px: 0.5,
        mx: -0.5,
        fontWeight: 650,
      })}
    >
      {price < 0 ? NOTHING : money(price, lot.currency)}
    </Box>
  );
}

function Count({ of, count }: { of: "count" | "watching"; count: number }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ color: "text.secondary", fontSize: 13 }}>
      {translate(`vendue.board.${of}`, count)}
    </Box>
  );
}
