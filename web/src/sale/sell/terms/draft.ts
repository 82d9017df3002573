// The terms of an auction as they are typed, and as the API takes them.

import type { Auction, SoftClose } from "../../../api/types";
import { parseAmount, plainAmount } from "../../../words/money";
import type { Faults } from "../../own/useSaving";
import { type FormatWord, formatOf } from "../../standing/lot";
import { fromLocal, parseDecimal, parseWhole, plainDecimal, toLocal } from "./numbers";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Draft {
  title: string;
  car: string;
  kind: FormatWord;
  currency: string;
  starting_price: string;
  reserve_price: string;
  buy_now_price: string;
  begins: "listed" | "at";
  starts_at: string;
  ends_at: string;
  soft: boolean;
  window: string; // minutes
  extend: string;
  mode: SoftClose["mode"];
  longest: string;
  max_jump_percent: string;
  increments: "cars" | "us" | "own";
  decrement: string;
  every: string; // seconds
  floor_price: string;
  sale_terms: "pure" | "on_approval";
  approval: string; // days
}

// What is sent: null takes a term away.
export interface Values {
  title: string;
  car: string | null;
  format: NonNullable<Auction["format"]>;
  currency: string;
  starts_at: number | null;
  ends_at: number | null;
  starting_price: number | null;
  reserve_price: number | null;
  buy_now_price: number | null;
  proxy: boolean | null;
  increments: Auction["increments"];
  soft_close: SoftClose | null;
  max_jump_percent: number | null;
  decrement: number | null;
  decrement_every_ms: number | null;
  floor_price: number | null;
  sale_terms: "pure" | "on_approval";
  approval_ms: number | null;
}

export function newDraft(title: string, car: string): Draft {
  return {
    title,
    car,
    kind: "proxy",
    currency: "EUR",
    starting_price: "",
    reserve_price: "",
    buy_now_price: "",
    begins: "listed",
    starts_at: "",
    ends_at: "",
    soft: true,
    window: "2",
    extend: "2",
    mode: "reset",
    longest: "60",
    max_jump_percent: "400",
    increments: "cars",
    decrement: "",
    every: "60",
    floor_price: "",
    sale_terms: "pure",
    approval: "2",
  };
}

export function draftOf(row: Auction, locale: string): Draft {
  const currency = row.currency ?? "EUR";
  const amount = (value: number | null | undefined) => (value ? plainAmount(value, currency, locale) : "");
  const part = (value: number | null | undefined, of: number) => (value ? plainDecimal(value / of, locale) : "");
  const { soft_close: soft } = row;
  const fresh = newDraft(row.title, row.car?.documentId ?? "");
  return {
    ...fresh,
    kind: row.format ? formatOf(row) : "proxy",
    currency,
    starting_price: amount(row.starting_price),
    reserve_price: amount(row.reserve_price),
    buy_now_price: amount(row.buy_now_price),
    begins: row.starts_at ? "at" : "listed",
    starts_at: toLocal(row.starts_at),
    ends_at: toLocal(row.ends_at),
    soft: soft !== null || !row.format,
    window: soft ? part(soft.window_ms, MINUTE_MS) : fresh.window,
    extend: soft ? part(soft.extend_ms, MINUTE_MS) : fresh.extend,
    mode: soft?.mode ?? "reset",
    longest: soft ? part(soft.max_extension_ms, MINUTE_MS) : fresh.longest,
    max_jump_percent: row.max_jump_percent ? String(row.max_jump_percent) : row.format ? "" : fresh.max_jump_percent,
    increments: Array.isArray(row.increments) ? "own" : row.increments === "us" ? "us" : "cars",
    decrement: amount(row.decrement),
    every: row.decrement_every_ms ? part(row.decrement_every_ms, 1000) : fresh.every,
    floor_price: amount(row.floor_price),
    sale_terms: row.sale_terms ?? "pure",
    approval: row.approval_ms ? part(row.approval_ms, DAY_MS) : fresh.approval,
  };
}

export type FaultWord = "missing" | "notAnAmount" | "notANumber";

// Both at once: what could be read, and what could not. `row` keeps an increment table of one's own.
export function read(
  draft: Draft,
  locale: string,
  row?: Auction,
): { values: Values; faults: Record<string, FaultWord> } {
  const faults: Record<string, FaultWord> = {};
  const english = draft.kind === "proxy" || draft.kind === "direct";
  const dutch = draft.kind === "dutch";
  const typed = <T>(name: string, text: string, parse: (text: string) => T | null, word: FaultWord): T | null => {
    if (!text.trim()) return null;
    const value = parse(text);
    if (value === null) faults[name] = word;
    return value;
  };
  const amount = (name: string, text: string) =>
    typed(name, text, (each) => parseAmount(each, draft.currency, locale), "notAnAmount");
  const part = (name: string, text: string, of: number) => {
    const value = typed(name, text, parseDecimal, "notANumber");
    return value === null ? null : Math.round(value * of);
  };
  const soft = (): SoftClose | null => {
    if (!draft.soft) return null;
    const window_ms = part("window", draft.window, MINUTE_MS);
    const extend_ms = part("extend", draft.extend, MINUTE_MS);
    if (window_ms === null) faults.window ??= "missing";
    if (extend_ms === null) faults.extend ??= "missing";
    const max_extension_ms = part("longest", draft.longest, MINUTE_MS);
    return { window_ms: window_ms ?? 0, extend_ms: extend_ms ?? 0, mode: draft.mode, max_extension_ms };
  };
  if (!draft.title.trim()) faults.title = "missing";
  if (draft.begins === "at" && fromLocal(draft.starts_at) === null) faults.starts_at = "missing";
  const own = Array.isArray(row?.increments) ? row.increments : "cars";
  const increments = draft.increments === "own" ? own : draft.increments;
  const values: Values = {
    title: draft.title.trim(),
    car: draft.car || null,
    format: english ? "english" : (draft.kind as "dutch" | "sealed_first_price" | "sealed_second_price"),
    currency: draft.currency,
    starts_at: draft.begins === "at" ? fromLocal(draft.starts_at) : null,
    ends_at: fromLocal(draft.ends_at),
    starting_price: amount("starting_price", draft.starting_price),
    reserve_price: dutch ? null : amount("reserve_price", draft.reserve_price),
    buy_now_price: english ? amount("buy_now_price", draft.buy_now_price) : null,
    proxy: english ? draft.kind === "proxy" : null,
    increments: english ? increments : null,
    soft_close: english ? soft() : null,
    max_jump_percent: english ? typed("max_jump_percent", draft.max_jump_percent, parseWhole, "notANumber") : null,
    decrement: dutch ? amount("decrement", draft.decrement) : null,
    decrement_every_ms: dutch ? part("decrement_every_ms", draft.every, 1000) : null,
    floor_price: dutch ? amount("floor_price", draft.floor_price) : null,
    sale_terms: dutch ? "pure" : draft.sale_terms,
    approval_ms: !dutch && draft.sale_terms === "on_approval" ? part("approval_ms", draft.approval, DAY_MS) : null,
  };
  return { values, faults };
}

// What a listing needs beside what a draft does.
export function lacks(values: Values): Record<string, FaultWord> {
  const dutch = ["decrement", "decrement_every_ms", "floor_price"] as const;
  const names = ["starting_price", "ends_at", ...(values.format === "dutch" ? dutch : [])] as const;
  return Object.fromEntries(names.filter((name) => values[name] === null).map((name) => [name, "missing" as const]));
}

// The server names a soft close as a whole; its first field shows what is wrong.
export const atFields = ({ soft_close, ...faults }: Faults): Faults =>
  soft_close ? { ...faults, window: soft_close } : faults;
