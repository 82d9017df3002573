// The order of the cards: it follows the sale softly. A card that somebody points at or has the focus in stays where it
// is, and the others go around it.

import { type RefObject, useEffect, useState } from "react";
import type { Auction, Standing } from "../../api/types";
import { serverNow } from "../../live/clock";
import { standingOf } from "../../live/feed";
import { standingOfRow } from "../standing/lot";
import type { Filters } from "./filters";

const SETTLE_MS = 2_000;
const LINGER_MS = 6_000; // so that one sees how it ended

const now = (row: Auction): Standing => {
  const told = standingOf(row.documentId);
  return told && told.seq >= (row.seq ?? 0) ? told : standingOfRow(row);
};

function belongs(row: Auction, { tab }: Filters): boolean {
  const { status, closed_at, starts_at } = now(row);
  if (tab === "live") return status === "live" || serverNow() - (closed_at ?? 0) < LINGER_MS;
  if (tab === "upcoming") return status === "scheduled" || serverNow() - starts_at < LINGER_MS;
  return true;
}

// What changes while one looks; the rest stays in the server's order.
function weight(row: Auction, { tab, sort }: Filters): number | null {
  const standing = now(row);
  if (sort === "soonest" && tab === "live") return standing.ends_at;
  if (sort === "soonest" && tab === "upcoming") return standing.starts_at;
  if (sort === "mostBids") return -standing.bids;
  return null;
}

// `wanted`, with `held` at the place that it has in `shown`.
export function around(wanted: string[], shown: string[], held: string | null): string[] {
  const at = held === null ? -1 : shown.indexOf(held);
  if (held === null || at < 0) return wanted;
  const others = wanted.filter((each) => each !== held);
  return [...others.slice(0, at), held, ...others.slice(at)];
}

function arrange(rows: ReadonlyMap<string, Auction>, filters: Filters, shown: string[], held: string | null): string[] {
  const weighed = [...rows.values()]
    .filter((row) => belongs(row, filters))
    .map((row, at) => ({ id: row.documentId, by: weight(row, filters), at }));
  weighed.sort((a, b) => (a.by === null || b.by === null ? a.at - b.at : a.by - b.by || a.at - b.at));
  const stays = held !== null && rows.has(held) ? held : null;
  return around(
    weighed.map(({ id }) => id),
    shown,
    stays,
  );
}

const same = (a: string[], b: string[]) => a.length === b.length && a.every((each, at) => each === b[at]);

export function useOrder(
  rows: ReadonlyMap<string, Auction>,
  filters: Filters,
  held: RefObject<string | null>,
): string[] {
  const [order, setOrder] = useState(() => arrange(rows, filters, [], null));
  useEffect(() => {
    const settle = () =>
      setOrder((shown) => {
        const next = arrange(rows, filters, shown, held.current);
        return same(next, shown) ? shown : next;
      });
    settle();
    const again = setInterval(settle, SETTLE_MS);
    return () => clearInterval(again);
  }, [rows, filters, held]);
  return order;
}
