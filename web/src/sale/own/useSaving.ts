// A form on its way: what is wrong with it, at its fields, and what is wrong with the whole.

import { useState } from "react";
import { useTranslations } from "use-intl";
import { Refused } from "../../api/http";
import { useFaultWords } from "./faults";

export type Faults = Record<string, string | undefined>;

export function useSaving() {
  const parts = useTranslations("parts");
  const t = useTranslations("own");
  const words = useFaultWords();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [faults, setFaults] = useState<Faults>({});

  const explain = (error: unknown) => {
    if (!(error instanceof Refused)) return setFault(parts("unreachable"));
    const named = Object.entries(error.faults).map(([name, message]) => [name, words(message)]);
    setFaults(Object.fromEntries(named));
    if (error.status === 429) setFault(t("tooMany", { seconds: error.retryAfterS ?? 10 }));
    else setFault(named.length ? null : words(error.message));
  };
  // Shows them; whether there are none.
  const check = (found: Faults): boolean => {
    setFault(null);
    setFaults(found);
    return !Object.values(found).some(Boolean);
  };
  // What it answers, null where that failed. `otherwise` may take a failure as its own.
  const run = async <T>(what: () => Promise<T>, otherwise?: (error: unknown) => boolean): Promise<T | null> => {
    setBusy(true);
    setFault(null);
    try {
      const answer = await what();
      setFaults({});
      return answer;
    } catch (error) {
      if (!otherwise?.(error)) explain(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, faults, check, run };
}

// Once its faults are shown, the first field that has one gets the focus.
export function focusFirstFault(within: HTMLElement | null): void {
  setTimeout(() => within?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
