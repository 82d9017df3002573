// Bids that were sent and not answered yet, so that after a reload the page can say what became of them.

import type { Bid } from "./bid";

interface Kept {
  bid: Bid;
  user: string;
}

const place = (auction: string) => `vendue-bid:${auction}`;

// Before it is sent. Where a browser keeps nothing the bid goes out all the same.
export function keepBid(bid: Bid, user: string): void {
  try {
    sessionStorage.setItem(place(bid.auction), JSON.stringify({ bid, user } satisfies Kept));
  } catch {
    return;
  }
}

export const forgetBid = (auction: string) => sessionStorage.removeItem(place(auction));

export function keptBid(auction: string, user: string): Bid | null {
  const text = sessionStorage.getItem(place(auction));
  if (!text) return null;
  const kept = JSON.parse(text) as Kept;
  return kept.user === user ? kept.bid : null;
}
