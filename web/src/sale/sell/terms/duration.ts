import { useCallback } from "react";
import { useLocale } from "use-intl";

const UNITS: ["day" | "hour" | "minute" | "second", number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

// In the largest unit that it is a whole number of, in words: "2 minutes".
export function useDuration(): (ms: number) => string {
  const locale = useLocale();
  return useCallback(
    (ms) => {
      const [unit, of] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? (["second", 1000] as const);
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(ms / of);
    },
    [locale],
  );
}
