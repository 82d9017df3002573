// What this browser keeps for a later check: the signed receipts of bids that went out from here, and the house's keys.

import type { Signed } from "../../api/types";
import type { Key } from "./proofs";

const RECEIPTS = "vendue-receipts";
const KEYS = "vendue-keys";
const MOST = 500;

function read<T>(name: string): T[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function write(name: string, values: unknown[]): void {
  try {
    localStorage.setItem(name, JSON.stringify(values));
  } catch {
    // Without room the receipt is in the history of one's bids all the same.
  }
}

export const keptReceipts = (): Signed[] => read<Signed>(RECEIPTS);

export function keepReceipt(receipt: Signed | undefined): void {
  if (!receipt) return;
  const others = keptReceipts().filter(({ auction, seq }) => auction !== receipt.auction || seq !== receipt.seq);
  write(RECEIPTS, [...others, receipt].slice(-MOST));
}

export const keptKeys = (): Key[] => read<Key>(KEYS);

export const keepKeys = (keys: Key[]): void => write(KEYS, keys);
