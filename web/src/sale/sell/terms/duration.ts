import { useCallback } from "react";
import { useLocale } from "use-intl";
import { duration } from "../../../words/duration";

export function useDuration(): (ms: number) => string {
  const locale = useLocale();
  return useCallback((ms) => duration(ms, locale), [locale]);
}
