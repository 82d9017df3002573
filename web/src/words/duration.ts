// A length of time in its largest whole unit: 2 minutes, 90 seconds, 2 days.

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

export function duration(ms: number, locale: string, display: "long" | "short" = "long"): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ["second", 1_000];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: display }).format(ms / size);
}
