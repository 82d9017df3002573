// Whether events are a chain, and one that a sale could be. The same checks as `vendue audit` makes, in the same order.

import { bytesOf, canonical, commitmentOf, type Fields, isFields, sha256 } from "./canonical";

export type What =
  | "otherAuction"
  | "outOfPlace"
  | "notFollowing"
  | "changed"
  | "hiddenChanged"
  | "noStanding"
  | "cannotBe"
  | "outOfTime"
  | "notDue"
  | "refusalChanges"
  | "cutOff"
  | "added"
  | "otherHead"
  | "forgedHead"
  | "strangeHead"
  | "otherReceipt"
  | "forgedReceipt"
  | "strangeReceipt"
  | "otherOpening";

// The first event that does not hold, and what is wrong with it.
export interface Wrong {
  seq: number;
  type: string | null;
  what: What;
}

export const wrong = (seq: number, event: Fields | undefined, what: What): Wrong => ({
  seq,
  type: typeof event?.type === "string" ? event.type : null,
  what,
});

const GENESIS = "0".repeat(64);
const SECRET = ["hash", "hidden", "salt"];
const OPEN = ["scheduled", "live"];
const AT: Record<string, (string | null)[]> = {
  listed: [null],
  amended: ["scheduled"],
  opened: ["scheduled"],
  bid: ["live"],
  extended: OPEN,
  cancelled: OPEN,
  retracted: OPEN,
  closed: ["live"],
  approved: ["pending_approval"],
  declined: ["pending_approval"],
  countered: ["pending_approval"],
  offer_accepted: ["countered"],
  offer_declined: ["countered"],
  lapsed: ["pending_approval", "countered"],
};
const DUE: Record<string, string> = { opened: "starts_at", closed: "ends_at", lapsed: "approval_until" };

export async function checkChain(auction: string, events: Fields[]): Promise<Wrong | null> {
  let previous = GENESIS;
  let before: Fields = {};
  for (const [place, event] of events.entries()) {
    const what = (await linkFault(place + 1, event, auction, previous)) ?? momentFault(place + 1, event, before);
    if (what) return wrong(place + 1, event, what);
    previous = event.hash as string;
    before = event.standing as Fields;
  }
  return null;
}

async function linkFault(seq: number, event: Fields, auction: string, previous: string): Promise<What | null> {
  const part = Object.fromEntries(Object.entries(event).filter(([name]) => !SECRET.includes(name)));
  if (event.auction !== auction) return "otherAuction";
  if (event.seq !== seq) return "outOfPlace";
  if (event.prev !== previous) return "notFollowing";
  if (event.hash !== (await sha256(bytesOf(canonical(part))))) return "changed";
  if (event.hidden !== undefined && event.commitment !== (await commitmentOf(event.hidden, event.salt ?? "")))
    return "hiddenChanged";
  return null;
}

// Against the standing before it: a chain that was made anew as a whole has that too.
function momentFault(seq: number, event: Fields, before: Fields): What | null {
  const { standing, at } = event;
  const type = `${event.type}`;
  if (!isFields(standing) || standing.seq !== seq) return "noStanding";
  const status = (before.status ?? null) as string | null;
  if (type !== "refused" && !(Object.hasOwn(AT, type) && AT[type]?.includes(status))) return "cannotBe";
  const [opens, ends] = [before.starts_at, before.ends_at];
  const inTime = [opens, at, ends].every(Number.isInteger) && Number(opens) <= Number(at) && Number(at) < Number(ends);
  if (type === "bid" && !inTime) return "outOfTime";
  const due = Object.hasOwn(DUE, type) ? DUE[type] : undefined;
  if (due && at !== before[due]) return "notDue";
  if (type === "refused" && seq > 1 && steady(standing) !== steady(before)) return "refusalChanges";
  return null;
}

// But for what time alone changes, where a price falls by the clock.
function steady(standing: Fields): string {
  const moving = (standing.clock ?? null) === null ? ["seq"] : ["seq", "price", "minimum_next"];
  return canonical(Object.fromEntries(Object.entries(standing).filter(([name]) => !moving.includes(name))));
}
