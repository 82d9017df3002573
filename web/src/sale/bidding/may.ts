// Whether somebody may bid on a lot at this moment, and in which ways.

import type { Auction, Position, Standing, User } from "../../api/types";
import { isDirect, isOver } from "../standing/lot";

export type WhyNot = "staff" | "own" | "notOpen" | "leads";

export interface Ways {
  why: WhyNot | null;
  bid: boolean; // by an amount of one's own
  take: boolean; // at a falling price, or at buy now's
}

export function waysToBid(
  row: Auction,
  standing: Standing,
  position: Position | undefined,
  user: User | null,
): Ways | null {
  const none = { bid: false, take: false };
  if (isOver(standing)) return null;
  if (user && (user.role === "auctioneer" || user.role === "admin")) return { why: "staff", ...none };
  if (user && row.seller?.documentId === user.documentId) return { why: "own", ...none };
  if (standing.status === "scheduled") return { why: "notOpen", ...none };
  const take = row.format === "dutch" || standing.buy_now_price !== null;
  const leads = isDirect(row) && position?.state === "leading" && standing.reserve_met !== false;
  return { why: leads ? "leads" : null, bid: row.format !== "dutch" && !leads, take };
}
