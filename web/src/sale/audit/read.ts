// What files hold: logs, receipts, openings, keys; each is known by what its lines look like.

import type { Signed } from "../../api/types";
import { type Fields, isFields } from "./canonical";
import type { Key, Opening } from "./proofs";

export interface Log {
  auction: string;
  events: Fields[];
  heads: Signed[];
  isPublic: boolean;
}

export interface Held {
  logs: Map<string, Log>;
  receipts: Signed[];
  openings: Opening[];
  keys: Key[];
}

export class Unreadable extends Error {}

export const nothing = (): Held => ({ logs: new Map(), receipts: [], openings: [], keys: [] });

// Adds what a file's text holds. A log that is there already is replaced by the newer file's.
export function addTo(held: Held, text: string): Held {
  const found = nothing();
  for (const value of valuesOf(text)) take(found, value);
  return {
    logs: new Map([...held.logs, ...found.logs]),
    receipts: unlike([...held.receipts, ...found.receipts]),
    openings: unlike([...held.openings, ...found.openings]),
    keys: found.keys.length ? found.keys : held.keys,
  };
}

function valuesOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    try {
      return text
        .split("\n")
        .filter((line) => line.trim())
        .map((line) => JSON.parse(line));
    } catch {
      throw new Unreadable();
    }
  }
}

function take(held: Held, value: unknown): void {
  const known = isFields(value) ? value : null;
  const evidence = known && evidenceIn(known);
  if (!known) throw new Unreadable();
  if (Array.isArray(known.keys)) held.keys.push(...known.keys.filter(isKey));
  else if (known.topic === "bids") return;
  else if (known.topic === "auction-events" && isFields(known.value)) logOf(held, known.value).events.push(known.value);
  else if (isSigned(known.head)) logOf(held, known.head as unknown as Fields).heads.push(known.head);
  else if (isFields(known.hidden) && typeof known.salt === "string" && known.prev === undefined)
    held.openings.push(known as unknown as Opening);
  else if (isSigned(evidence)) held.receipts.push(evidence);
  else if (typeof known.prev === "string") {
    const log = logOf(held, known);
    log.events.push(known);
    log.isPublic = true;
  } else throw new Unreadable();
}

function logOf(held: Held, { auction }: Fields): Log {
  if (typeof auction !== "string") throw new Unreadable();
  const log = held.logs.get(auction) ?? { auction, events: [], heads: [], isPublic: false };
  held.logs.set(auction, log);
  return log;
}

// The evidence of an answer to a bid, or what is that itself.
function evidenceIn(value: Fields): unknown {
  let found = value;
  for (const name of ["receipt", "data", "error", "details", "evidence"]) {
    const inner = found[name];
    if (isFields(inner)) found = inner;
  }
  return found;
}

const isKey = (value: unknown): value is Key & Fields =>
  isFields(value) && value.crv === "Ed25519" && typeof value.kid === "string" && typeof value.x === "string";

const isSigned = (value: unknown): value is Signed =>
  isFields(value) &&
  typeof value.signature === "string" &&
  typeof value.kid === "string" &&
  typeof value.auction === "string" &&
  typeof value.hash === "string" &&
  Number.isInteger(value.seq) &&
  Number.isInteger(value.at);

const unlike = <T>(values: T[]): T[] => [...new Map(values.map((each) => [JSON.stringify(each), each])).values()];
