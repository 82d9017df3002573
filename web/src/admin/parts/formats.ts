// Amounts, times and spans as the locale writes them. Amounts come in minor units, times as epoch ms.

import { useLocale } from "react-admin";
import { money, parseAmount, plainAmount } from "../../words/money";

const cached = <T>(make: (key: string) => T) => {
  const known = new Map<string, T>();
  return (key: string): T => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
};

const timeFormat = cached(
  (locale: string) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
);
const momentFormat = cached(
  (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
);
const numberFormat = cached((locale: string) => new Intl.NumberFormat(locale));

export interface Formats {
  money: (minor: number | null | undefined, currency: string | null | undefined) => string;
  plain: (minor: number | null, currency: string) => string; // as it is typed
  parse: (text: string, currency: string) => number | null; // null where it is no amount
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
      minor === null || minor === undefined || !currency ? NOTHING : money(minor, currency, locale),
    plain: (minor, currency) => (minor === null ? "" : plainAmount(minor, currency, locale)),
    parse: (text, currency) => parseAmount(text, currency, locale),
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
