// What runs a sale: each action is decided once. Its key is kept until the decision is known, also over a reload, and
// whoever asks the same again gets that decision.

import { ask, Refused, Unreachable } from "./http";
import { newKey } from "./key";
import type { Standing } from "./types";

export type Action = "list" | "amend" | "cancel" | "approve" | "decline" | "counter" | "accept-offer" | "decline-offer";

export interface Decision {
  documentId: string;
  seq: number;
  standing: Standing;
}

const TRIES = 4;
const FIRST_WAIT_MS = 500;

const place = (auction: string, action: Action) => `vendue-act:${auction}:${action}`;

export async function act(auction: string, action: Action, data: object = {}): Promise<Decision> {
  const sent = JSON.stringify(data);
  const key = keptKey(auction, action, sent);
  for (let tried = 1; ; tried += 1) {
    try {
      const answer = await ask<{ data: Decision }>(`/api/auctions/${auction}/${action}`, {
        method: "POST",
        headers: { "Idempotency-Key": key },
        json: { data },
      });
      if (answer.status !== 202) {
        sessionStorage.removeItem(place(auction, action));
        return answer.body.data;
      }
      if (tried === TRIES) throw new Unreachable("It is not decided yet.");
    } catch (error) {
      const unknown = error instanceof Unreachable || (error instanceof Refused && error.status === 503);
      if (error instanceof Refused && !unknown && error.status !== 429) {
        sessionStorage.removeItem(place(auction, action));
      }
      if (!unknown || tried === TRIES) throw error;
    }
    await new Promise((done) => setTimeout(done, FIRST_WAIT_MS * 2 ** tried));
  }
}

function keptKey(auction: string, action: Action, sent: string): string {
  const kept = JSON.parse(sessionStorage.getItem(place(auction, action)) ?? "null") as {
    sent: string;
    key: string;
  } | null;
  if (kept?.sent === sent) return kept.key;
  const key = newKey();
  sessionStorage.setItem(place(auction, action), JSON.stringify({ sent, key }));
  return key;
}
