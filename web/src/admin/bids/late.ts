// How far from the end a bid came: a late one is refused, however near.

import type { RaRecord } from "react-admin";
import { NOTHING, span } from "../parts/formats";

interface Timed {
  placed_at: number;
  auction?: { ends_at: number | null; closed_at?: number | null } | null;
}

export type BidRecord = RaRecord & Timed;

export function lateMs({ placed_at, auction }: Timed): number | null {
  const end = auction?.closed_at ?? auction?.ends_at;
  return end && placed_at ? placed_at - end : null;
}

export function lateBy(bid: Timed, number: (value: number) => string): string {
  const ms = lateMs(bid);
  return ms === null ? NOTHING : span(ms, number);
}
