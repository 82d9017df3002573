// What somebody holds beside a log: the house's public keys, signed receipts, openings of commitments.

import type { Signed } from "../../api/types";
import { bytesOf, commitmentOf, type Fields, fromBase64 } from "./canonical";
import { type Wrong, wrong } from "./chain";

export interface Opening {
  auction: string;
  seq: number;
  hidden: Fields;
  salt: string;
}

export interface Key {
  kid: string;
  x: string;
}

// By the key's name; null where this browser cannot check signatures.
export type Keys = Map<string, CryptoKey> | null;

export async function importKeys(keys: Key[]): Promise<Keys> {
  const found = new Map<string, CryptoKey>();
  for (const { kid, x } of keys) {
    try {
      const bytes = fromBase64(x) ?? new Uint8Array();
      found.set(kid, await crypto.subtle.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]));
    } catch {
      return null;
    }
  }
  return found.size ? found : null;
}

type Kind = "receipt" | "head";

async function signatureFault(keys: Keys, kind: Kind, signed: Signed): Promise<"forged" | "strange" | null> {
  if (!keys) return null;
  const key = keys.get(signed.kid);
  if (!key) return "strange";
  const signature = fromBase64(signed.signature) ?? new Uint8Array();
  const { auction, seq, at, hash } = signed;
  const text = bytesOf(`vendue ${kind} 1\n${auction}\n${seq}\n${at}\n${hash}\n`);
  return (await crypto.subtle.verify({ name: "Ed25519" }, key, signature, text)) ? null : "forged";
}

// A public log ends with its head; an auditor's export has none.
export async function checkHead(
  keys: Keys,
  heads: Signed[],
  events: Fields[],
  isPublic: boolean,
): Promise<Wrong | null> {
  const count = events.length;
  if (!heads.length && isPublic) return wrong(count + 1, undefined, "cutOff");
  for (const head of heads) {
    const fault = await signatureFault(keys, "head", head);
    if (fault) return wrong(head.seq, events[head.seq - 1], `${fault}Head`);
    if (head.seq > count) return wrong(count + 1, undefined, "cutOff");
    if (head.seq < count) return wrong(head.seq + 1, events[head.seq], "added");
    if (events[count - 1]?.hash !== head.hash) return wrong(count, events[count - 1], "otherHead");
  }
  return null;
}

export async function checkReceipts(keys: Keys, receipts: Signed[], events: Fields[]): Promise<Wrong | null> {
  for (const receipt of receipts) {
    const event = events[receipt.seq - 1];
    const fault = await signatureFault(keys, "receipt", receipt);
    if (fault) return wrong(receipt.seq, event, `${fault}Receipt`);
    if (!event) return wrong(receipt.seq, event, "cutOff");
    if (event.hash !== receipt.hash || event.at !== receipt.at) return wrong(receipt.seq, event, "otherReceipt");
  }
  return null;
}

export async function checkOpenings(openings: Opening[], events: Fields[]): Promise<Wrong | null> {
  for (const { seq, hidden, salt } of openings) {
    const event = events[seq - 1];
    if (!event || event.commitment !== (await commitmentOf(hidden, salt))) return wrong(seq, event, "otherOpening");
  }
  return null;
}
