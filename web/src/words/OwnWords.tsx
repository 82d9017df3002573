import { type ComponentType, use } from "react";
import { IntlProvider, useMessages } from "use-intl";
import { onceOnline } from "../api/online";
import type { OwnCatalogue } from "./en/own";
import { type Language, localeOf, wantedLanguage } from "./language";
import { useLanguage } from "./Words";

const LOADERS: Record<Language, () => Promise<{ default: OwnCatalogue }>> = {
  en: () => import("./en/own"),
  de: () => import("./de/own"),
};
const loading = new Map<Language, Promise<OwnCatalogue>>();

function load(language: Language): Promise<OwnCatalogue> {
  const asked = loading.get(language) ?? onceOnline(LOADERS[language]).then((module) => module.default);
  loading.set(language, asked);
  return asked;
}

// A page, or a part of one, whose words are not in the first load. Call it where its module is read: both then load at once.
export function withOwnWords<P extends object>(Page: ComponentType<P>): ComponentType<P> {
  load(wantedLanguage());
  return function Worded(props: P) {
    const [language] = useLanguage();
    const own = use(load(language));
    const messages = { ...useMessages(), ...own };
    return (
      <IntlProvider locale={localeOf(language)} messages={messages}>
        <Page {...props} />
      </IntlProvider>
    );
  };
}
