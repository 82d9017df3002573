// Amounts as people type them, 12,300.50 or 12.300,50, and as the API takes them: whole minor units.

import { exponentOf } from "./formats";

const GROUPED = /^(\d{1,3}(?:[.,]\d{3})*|\d+)(?:[.,](\d+))?$/;
const ONE_SIGN = /^(\d+)[.,](\d+)$/;

// null where it is no amount of that currency.
export function toMinor(text: string, currency: string): number | null {
  const exponent = exponentOf(currency);
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const one = ONE_SIGN.exec(compact);
  // 1.234 is a thousand and more, except where the currency has thousandths.
  const match = one && (one[2]?.length !== 3 || exponent === 3) ? one : GROUPED.exec(compact);
  if (!match?.[1]) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > exponent) return null;
  const minor = Number(match[1].replace(/[.,]/g, "") + fraction.padEnd(exponent, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}

export function fromMinor(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return "";
  const exponent = exponentOf(currency);
  const major = minor / 10 ** exponent;
  return Number.isInteger(major) ? `${major}` : major.toFixed(exponent);
}
