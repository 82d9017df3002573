// A bid that somebody means. One intention has one key, so that however often it is sent, it is one bid.

import { newKey } from "../../api/key";

export interface Bid {
  auction: string;
  amount: number;
  kind: "bid" | "buy_now";
  confirm_jump: boolean;
  key: string;
}

export const newBid = (auction: string, amount: number, kind: Bid["kind"] = "bid", confirmJump = false): Bid => ({
  auction,
  amount,
  kind,
  confirm_jump: confirmJump,
  key: newKey(),
});

// The id under which the server keeps the decision, or null where this browser cannot tell it.
export async function bidId({ auction, key }: Bid, user: string): Promise<string | null> {
  if (!crypto.subtle) return null;
  const bytes = new TextEncoder().encode([auction, user, key].join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest.slice(0, 16)].map((each) => each.toString(16).padStart(2, "0")).join("");
}
