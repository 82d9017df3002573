import { type ComponentType, use } from "react";
import { IntlProvider, useMessages } from "use-intl";
import type { OwnCatalogue } from "./en/own";
import { type Language, localeOf, wantedLanguage } from "./language";
import { useLanguage } from "./Words";

const LOADERS: Record<Language, () => Promise<{ default: OwnCatalogue }>> = {
  en: () => import("./en/own"),
  de: () => import("./de/own"),
};
const loading = new Map<Language, Promise<OwnCatalogue>>();

function load(language: Language): Promise<OwnCatalogue> {
  const asked = loading.get(language) ?? LOADERS[language]().then((module) => module.default);
  loading.set(language, asked);
  return asked;
}

// A page whose words are not in the first load. Call it where the page's module is read: both then load at once.
export function withOwnWords(Page: ComponentType): ComponentType {
  load(wantedLanguage());
  return function Worded() {
    const [language] = useLanguage();
    const own = use(load(language));
    const messages = { ...useMessages(), ...own };
    return (
      <IntlProvider locale={localeOf(language)} messages={messages}>
        <Page />
      </IntlProvider>
    );
  };
}
