import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { IntlProvider, useLocale } from "use-intl";
import type { Catalogue } from "./en";
import { type Language, loadWords, localeOf, storeLanguage } from "./language";
import { money } from "./money";

interface Chosen {
  language: Language;
  words: Catalogue;
}

type Choice = [Language, (language: Language) => void];

const Choosing = createContext<Choice>(["en", () => {}]);
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function Words({ first, children }: { first: Chosen; children: ReactNode }) {
  const [chosen, setChosen] = useState(first);
  const choose = useCallback(async (language: Language) => {
    const words = await loadWords(language);
    storeLanguage(language);
    document.documentElement.lang = language;
    setChosen({ language, words });
  }, []);
  const choice = useMemo((): Choice => [chosen.language, choose], [chosen, choose]);
  return (
    <Choosing value={choice}>
      <IntlProvider locale={localeOf(chosen.language)} messages={chosen.words} timeZone={ZONE}>
        {children}
      </IntlProvider>
    </Choosing>
  );
}

export const useLanguage = (): Choice => useContext(Choosing);

// Writes amounts as the reader does.
export function useMoney(): (amount: number, currency: string) => string {
  const locale = useLocale();
  return useCallback((amount, currency) => money(amount, currency, locale), [locale]);
}
