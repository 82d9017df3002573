// A lot as the board shows it: its row, with the feed's standing where that is newer.

import type { Auction, Standing, Status } from "../../api/types";
import { standingOf } from "../../live/feed";

export interface Lot {
  id: string;
  seq: number;
  title: string;
  currency: string;
  format: string;
  hasReserve: boolean;
  status: Status;
  price: number | null;
  bids: number;
  leader: string | null;
  reserve_met: boolean | null;
  starts_at: number;
  ends_at: number;
  closed_at: number | null;
  approval_until: number | null;
  clock: Standing["clock"];
  opening: number;
}

export const FIELDS =
  "title,currency,format,reserve_price,status,seq,price,bids_count,leader,reserve_met,starts_at,ends_at,closed_at,approval_until,starting_price,hammer_price";

export function lotOf(row: Auction): Lot {
  return {
    id: row.documentId,
    seq: row.seq ?? 0,
    title: row.title,
    currency: row.currency ?? "",
    format: row.format ?? "",
    hasReserve: row.reserve_price !== null && row.reserve_price !== undefined,
    status: row.status,
    price: row.hammer_price ?? row.price,
    bids: row.bids_count,
    leader: row.leader,
    reserve_met: row.reserve_met,
    starts_at: row.starts_at ?? 0,
    ends_at: row.ends_at ?? 0,
    closed_at: row.closed_at,
    approval_until: row.approval_until,
    clock: null,
    opening: row.starting_price ?? 0,
  };
}

export function withStanding(lot: Lot, standing: Standing | undefined = standingOf(lot.id)): Lot {
  if (!standing || standing.seq < lot.seq) return lot;
  const { seq, status, bids, leader, reserve_met, starts_at, ends_at, closed_at, approval_until, clock, opening } =
    standing;
  const price = standing.hammer_price ?? standing.price;
  const now = {
    seq,
    status,
    price,
    bids,
    leader,
    reserve_met,
    starts_at,
    ends_at,
    closed_at,
    approval_until,
    clock,
    opening,
  };
  return { ...lot, ...now };
}

// A Dutch price falls by the clock, without an event.
export function priceNow({ clock, opening, price, starts_at, status }: Lot, now: number): number | null {
  if (!clock || status !== "live") return price;
  const steps = Math.max(0, Math.floor((now - starts_at) / clock.every_ms));
  return Math.max(clock.floor, opening - steps * clock.decrement);
}

export type View = "live" | "waiting" | "scheduled";

const LINGERS_MS = 15_000; // a lot that ended is looked at once more

export function viewOf(lot: Lot, now: number): View | null {
  if (lot.status === "live") return "live";
  if (lot.status === "scheduled") return "scheduled";
  if (lot.status === "pending_approval" || lot.status === "countered") return "waiting";
  return lot.closed_at && now - lot.closed_at < LINGERS_MS ? "live" : null;
}

export const dueAt = (lot: Lot): number =>
  (lot.status === "scheduled" ? lot.starts_at : viewOf(lot, 0) === "waiting" ? lot.approval_until : lot.ends_at) ?? 0;
