// Amounts, times and spans as the locale writes them. Amounts come in minor units, times as epoch ms.

import { useLocale } from "react-admin";

const cached = <T>(make: (key: string) => T) => {
  const known = new Map<string, T>();
  return (key: string): T => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
};

export const exponentOf = cached((currency: string): number => {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not a currency yet: it is being typed
  }
});

const moneyFormat = cached((key: string) => {
  const [locale = "en", currency = "EUR", digits = "0"] = key.split("|");
  return new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: Number(digits) });
});

export function formatMoney(minor: number, currency: string, locale: string): string {
  const exponent = exponentOf(currency);
  const major = minor / 10 ** exponent;
  return moneyFormat(`${locale}|${currency}|${Number.isInteger(major) ? 0 : exponent}`).format(major);
}

const timeFormat = cached(
  (locale: string) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
);
const momentFormat = cached(
  (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
);
const numberFormat = cached((locale: string) => new Intl.NumberFormat(locale));

export interface Formats {
  money: (minor: number | null | undefined, currency: string | null | undefined) => string;
  time: (at: number) => string;
  moment: (at: number | string | null | undefined) => string;
  number: (value: number) => string;
}

export const NOTHING = "–";
// Times and dates as in Britain, and not the American: the panel's English is nobody's country.
const LOCALES: Record<string, string> = { en: "en-GB", de: "de-DE" };

const formats = cached((language: string): Formats => {
  const locale = LOCALES[language] ?? language;
  return {
    money: (minor, currency) =>
      minor === null || minor === undefined || !currency ? NOTHING : formatMoney(minor, currency, locale),
    time: (at) => timeFormat(locale).format(at),
    moment: (at) => (at === null || at === undefined ? NOTHING : momentFormat(locale).format(new Date(at))),
    number: (value) => numberFormat(locale).format(value),
  };
});

export const useFormats = (): Formats => formats(useLocale() ?? "en");

// What is left of a sale: seconds count near its end, days far from it.
export function countdown(leftMs: number): string {
  const s = Math.max(0, Math.floor(leftMs / 1000));
  const [days, hours, minutes, seconds] = [
    Math.floor(s / 86_400),
    Math.floor(s / 3600) % 24,
    Math.floor(s / 60) % 60,
    s % 60,
  ];
  if (days) return `${days}d ${hours}h`;
  if (hours) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${minutes}:${two(seconds)}`;
}

const two = (value: number): string => `${value}`.padStart(2, "0");

// A span as one reads a stopwatch: −0.350 s, +2.4 min.
export function span(ms: number, number: (value: number) => string): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? "−" : "+";
  if (size < 10_000) return `${sign}${number(size)} ms`;
  if (size < 600_000) return `${sign}${number(Math.round(size / 1000))} s`;
  return `${sign}${number(Math.round(size / 60_000))} min`;
}
