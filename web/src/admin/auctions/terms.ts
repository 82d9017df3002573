// Terms as the API takes them: whole, and without what their format does not have.

import { TERMS } from "../data/content";

export const FORMATS = ["english", "dutch", "sealed_first_price", "sealed_second_price"];

type Row = Record<string, unknown>;

const ENGLISH_ONLY = ["proxy", "increments", "buy_now_price", "soft_close", "max_jump_percent"];
const DUTCH_ONLY = ["decrement", "decrement_every_ms", "floor_price"];

export function wholeTerms(row: Row): Row {
  const format = row.format;
  const left = new Set([
    ...(format === "english" ? [] : ENGLISH_ONLY),
    ...(format === "dutch" ? ["reserve_price"] : DUTCH_ONLY),
  ]);
  const kept = TERMS.filter((name) => !left.has(name));
  const found: Row = Object.fromEntries(kept.map((name) => [name, row[name] ?? null]));
  // approval_ms has a default, which null is not.
  if (found.approval_ms === null) delete found.approval_ms;
  if (found.sale_terms === null) delete found.sale_terms;
  if ("soft_close" in found) found.soft_close = softClose(found.soft_close);
  return found;
}

// A form's empty fields are no soft close at all.
function softClose(given: unknown): Row | null {
  const said = Object.entries((given ?? {}) as Row).filter(([, value]) => (value ?? "") !== "");
  const spans = said.filter(([name]) => name !== "mode");
  return spans.length ? Object.fromEntries(said) : null;
}

// A draft keeps null for what its format does not have.
export function draftTerms(row: Row): Row {
  const none = Object.fromEntries(TERMS.map((name) => [name, null]));
  return { ...row, ...none, ...wholeTerms(row) };
}
