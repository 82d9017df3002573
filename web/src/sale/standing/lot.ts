// What may be told of a lot from its row and its standing. Amounts are integers of the currency's minor unit, times ms.

import type { Auction, Position, Standing, Status } from "../../api/types";

export const OVER: Status[] = ["pending_approval", "countered", "sold", "unsold", "cancelled"];

export const isOver = ({ status }: { status: Status }) => OVER.includes(status);
export const isSealed = ({ format }: Auction) => !!format?.startsWith("sealed");
export const isDirect = ({ format, proxy }: Auction) => format === "english" && proxy === false;

// A row's standing, until the feed tells a newer one.
export function standingOfRow(row: Auction): Standing {
  const falling = row.format === "dutch" && row.decrement && row.decrement_every_ms && row.floor_price;
  return {
    auction: row.documentId,
    seq: row.seq ?? 0,
    status: row.status,
    price: row.price,
    opening: row.starting_price ?? 0,
    minimum_next: row.minimum_next,
    buy_now_price: null, // whether it is still offered the feed tells
    currency: row.currency ?? "EUR",
    bids: row.bids_count,
    leader: row.leader,
    reserve_met: row.reserve_met,
    starts_at: row.starts_at ?? 0,
    ends_at: row.ends_at ?? 0,
    closed_at: row.closed_at,
    approval_until: row.approval_until,
    hammer_price: row.hammer_price,
    clock: falling
      ? { decrement: row.decrement ?? 0, every_ms: row.decrement_every_ms ?? 1, floor: row.floor_price ?? 0 }
      : null,
  };
}

// A falling price at `now`.
export function clockPrice({ clock, opening, starts_at }: Standing, now: number): number {
  if (!clock) return opening;
  const steps = Math.floor(Math.max(0, now - starts_at) / clock.every_ms);
  return Math.max(clock.floor, opening - clock.decrement * steps);
}

// The least that may be bid. Only of who leads is it his own: to everybody else no position is told when others bid on.
export const leastBid = (standing: Standing, position: Position | undefined): number =>
  (position?.state === "leading" ? position.your_minimum : null) ?? standing.minimum_next ?? standing.opening;

export type PriceLabel =
  | "soldFor"
  | "notSold"
  | "highestBid"
  | "cancelled"
  | "sealed"
  | "priceNow"
  | "startingPrice"
  | "currentBid";

// What the price is called, and the price, null where there is none to show. A falling one is the clock's.
export function priceOf(row: Auction, standing: Standing, now: number): [PriceLabel, number | null] {
  const { status, price } = standing;
  if (status === "sold") return ["soldFor", standing.hammer_price ?? price];
  if (status === "cancelled") return ["cancelled", null];
  if (status === "unsold") return price === null ? ["notSold", null] : ["highestBid", price];
  if (status === "pending_approval" || status === "countered") return ["highestBid", price];
  if (standing.clock) return ["priceNow", status === "live" ? clockPrice(standing, now) : standing.opening];
  if (isSealed(row)) return ["sealed", standing.opening];
  return price === null ? ["startingPrice", standing.opening] : ["currentBid", price];
}

export type ReserveWord = "met" | "notMet" | "none";

export function reserveOf(row: Auction, standing: Standing): ReserveWord | null {
  if (row.format === "dutch" || standing.status === "sold" || standing.status === "cancelled") return null;
  if (standing.reserve_met !== null) return standing.reserve_met ? "met" : "notMet";
  return row.format === "english" && !isOver(standing) ? "none" : null;
}

export type FormatWord = "proxy" | "direct" | "dutch" | "sealed_first_price" | "sealed_second_price";

export function formatOf(row: Auction): FormatWord {
  if (row.format && row.format !== "english") return row.format;
  return isDirect(row) ? "direct" : "proxy";
}
