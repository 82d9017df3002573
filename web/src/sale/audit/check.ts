// A log with all that is held beside it -> a verdict. Nothing here asks the server.

import type { Standing } from "../../api/types";
import { checkChain, type Wrong } from "./chain";
import { checkHead, checkOpenings, checkReceipts, type Keys, type Opening } from "./proofs";
import type { Held, Log } from "./read";

export interface Verdict {
  auction: string;
  events: number;
  wrong: Wrong | null;
  standing: Standing | null; // the last, where all holds
  isPublic: boolean;
  isSigned: boolean; // signatures were checked
  receipts: number;
  openings: Opening[];
}

export async function check(log: Log, held: Held, keys: Keys): Promise<Verdict> {
  const { auction, events, heads, isPublic } = log;
  const ofThis = <T extends { auction: string; seq: number }>(all: T[]): T[] =>
    all.filter((each) => each.auction === auction).sort((one, other) => one.seq - other.seq);
  const [receipts, openings] = [ofThis(held.receipts), ofThis(held.openings)];
  const wrong =
    (await checkChain(auction, events)) ??
    (await checkHead(keys, heads, events, isPublic)) ??
    (await checkReceipts(keys, receipts, events)) ??
    (await checkOpenings(openings, events));
  const standing = wrong ? null : ((events.at(-1)?.standing ?? null) as unknown as Standing | null);
  const counts = { events: events.length, receipts: receipts.length };
  return { auction, ...counts, wrong, standing, isPublic, isSigned: keys !== null, openings: wrong ? [] : openings };
}
