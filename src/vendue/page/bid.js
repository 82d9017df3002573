// A bid and its answer. One click has one key, so that however often it is sent, it is one bid.

import { api, lots, takeStanding } from "./feed.js";
import { money, outcome } from "./show.js";

const PATIENCE_MS = 60_000;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Outside https and localhost browsers have no randomUUID.
const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
  .map((each) => each.toString(16).padStart(2, "0")).join("");

export const newBid = (lot, amount, kind = "bid", confirmJump = false) =>
  ({ auction: lot.id, amount, kind, confirm_jump: confirmJump, key: newKey() });

// {good, text, again}: `again` is a bid to send if the person still wants it. `progress(text)` tells of waiting.
export async function place(bid, progress) {
  const { key, ...data } = bid, until = Date.now() + PATIENCE_MS;
  const options = { method: "POST", headers: { "Idempotency-Key": key }, body: JSON.stringify({ data }) };
  for (let wait = 500; Date.now() < until; wait = Math.min(5_000, wait * 2)) {
    let answer;
    try {
      answer = await api("/api/bids", options);
      if (answer.status === 202) answer = await decided(answer.headers.get("Location"), until, progress);
    } catch {
      progress("No connection: asking again. However often it is sent, it is one bid.");
    }
    if (answer && answer.status !== 503) return explain(bid, answer);
    if (answer) progress("The sale cannot take bids at this moment: asking again.");
    await sleep(wait);
  }
  return { good: false, text: "There was no answer, so this bid may or may not count.", again: bid };
}

async function decided(location, until, progress) {
  progress("Your bid is in; its answer takes longer than usual.");
  while (Date.now() < until) {
    const answer = await api(location);
    if (answer.status === 200) {
      const { data } = answer.body;
      if (data.status === "accepted") return { status: 201, body: { data } };
      const { code, message, details } = data;
      return { status: 409, body: { error: { message, details: { ...details, code } } } };
    }
    await sleep(1_000);
  }
}

function explain(bid, { status, body }) {
  const lot = lots.get(bid.auction), standing = body?.data?.standing ?? body?.error?.details?.standing;
  if (standing) takeStanding(standing);
  if (status === 201) {
    const beaten = body.data.outcome?.startsWith("outbid");
    return { good: !beaten, text: outcome(lot, body.data) };
  }
  const error = body?.error ?? { message: "That did not work; please try again." };
  if (status === 401) return { good: false, text: "You are no longer signed in. Sign in again, then bid." };
  if (error.details?.code === "jump_too_large") {
    const text = `${money(bid.amount, lot.standing.currency)} is far more than is needed. Is it what you mean?`;
    return { good: false, text, again: newBid(lot, bid.amount, bid.kind, true) };
  }
  return { good: false, text: error.details?.errors?.map((each) => each.message).join(". ") || error.message };
}
