// A bid on its way, and what became of it. It is sent again until there is an answer: with its key it is one bid.

import { type Answer, ask, Refused, Unreachable } from "../../api/http";
import type { ErrorBody, Signed, Standing } from "../../api/types";
import { keepReceipt } from "../audit/kept";
import { type Bid, bidId } from "./bid";

const PATIENCE_MS = 60_000;
const LOOK_UP_MS = 6_000; // a decision can be read a moment after it was made
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 5_000;

export interface Accepted {
  amount: number;
  outcome: string | null;
  standing: Standing | null;
}

export type Fate =
  | { kind: "accepted"; bid: Bid; data: Accepted }
  | { kind: "refused"; bid: Bid; error: ErrorBody; retryAfterS: number | null }
  | { kind: "signedOut"; bid: Bid }
  | { kind: "unknown"; bid: Bid } // it may or may not count
  | { kind: "missing"; bid: Bid }; // it had not come in when we asked

export type Progress = "offline" | "busy" | "slow" | "lookingUp";

// As POST answers it, and GET of a bid.
interface Decision extends Accepted {
  status: "accepted" | "refused" | "void" | "pending";
  evidence?: Signed;
  code?: string;
  message?: string;
  details?: ErrorBody["details"];
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

export async function place(bid: Bid, progress: (what: Progress) => void): Promise<Fate> {
  const { key, ...data } = bid;
  const until = performance.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS; performance.now() < until; wait = Math.min(MOST_WAIT_MS, wait * 2)) {
    try {
      const answer = await ask<{ data: Decision }>("/api/bids", {
        method: "POST",
        headers: { "Idempotency-Key": key },
        json: { data },
      });
      const fate = answer.status === 202 ? await decided(bid, answer, until, progress) : fateOf(bid, answer.body.data);
      if (fate) return fate;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return { kind: "signedOut", bid };
      if (error instanceof Refused && error.status !== 503) {
        keepReceipt(error.body.details?.evidence);
        return { kind: "refused", bid, error: error.body, retryAfterS: error.retryAfterS };
      }
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      progress(error instanceof Refused ? "busy" : "offline");
    }
    await sleep(wait);
  }
  return { kind: "unknown", bid };
}

// After a reload: only asked for, never sent again by itself.
export async function lookUp(bid: Bid, user: string, progress: (what: Progress) => void): Promise<Fate> {
  const id = await bidId(bid, user);
  if (id === null) return { kind: "unknown", bid };
  progress("lookingUp");
  const until = performance.now() + PATIENCE_MS;
  let missingSince: number | null = null;
  while (performance.now() < until) {
    try {
      const { status, body } = await ask<{ data: Decision }>(`/api/bids/${id}`);
      const fate = status === 200 ? fateOf(bid, body.data) : null;
      if (fate) return fate;
      missingSince = null;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return { kind: "signedOut", bid };
      if (error instanceof Refused && error.status === 404) {
        missingSince ??= performance.now();
        if (performance.now() - missingSince > LOOK_UP_MS) return { kind: "missing", bid };
      } else if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      else progress("offline");
    }
    await sleep(1_000);
  }
  return { kind: "unknown", bid };
}

async function decided(
  bid: Bid,
  { headers }: Answer<unknown>,
  until: number,
  progress: (what: Progress) => void,
): Promise<Fate | null> {
  const location = headers.get("Location");
  progress("slow");
  while (location && performance.now() < until) {
    const { status, body } = await ask<{ data: Decision }>(location);
    const fate = status === 200 ? fateOf(bid, body.data) : null;
    if (fate) return fate;
    await sleep(1_000);
  }
  return null;
}

function fateOf(bid: Bid, data: Decision): Fate | null {
  if (data.status === "pending") return null;
  keepReceipt(data.evidence);
  if (data.status !== "refused") return { kind: "accepted", bid, data };
  const details = { ...data.details, code: data.code };
  const error = { status: 409, name: "BidRefusedError", message: data.message ?? "", details };
  return { kind: "refused", bid, error, retryAfterS: null };
}
