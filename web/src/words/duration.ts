// A length of time in its largest whole unit: 2 minutes, 90 seconds, 2 days.

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

export function duration(ms: number, locale: string): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ["second", 1_000];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(ms / size);
}

// One that is what it is: to three digits up to two minutes, from there to the minute.
export function span(ms: number, locale: string): string {
  const minutes = Math.round(ms / 60_000) * 60_000;
  if (ms === minutes || ms > 120_000) return duration(minutes, locale);
  const options = { style: "unit", unit: "second", unitDisplay: "long", maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(locale, options).format(ms / 1000);
}
