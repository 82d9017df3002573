import polyglotI18nProvider from "ra-i18n-polyglot";
import englishMessages from "ra-language-english";
import type { TranslationMessages } from "react-admin";
import { de } from "./de";
import { en } from "./en";
import { germanMessages } from "./germanMessages";

const { ra } = englishMessages;
// "No Audit log found" is no sentence.
const nothing = {
  ...ra.navigation,
  no_results: "Nothing here yet.",
  no_filtered_results: "Nothing fits these filters.",
};
const english = { ra: { ...ra, navigation: nothing }, ...en };
const MESSAGES: Record<string, TranslationMessages> = { en: english, de: { ...germanMessages, ...de } };
const LOCALES = [
  { locale: "en", name: "English" },
  { locale: "de", name: "Deutsch" },
];

const first = navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in MESSAGES) ?? "en";

export const i18nProvider = polyglotI18nProvider((locale) => MESSAGES[locale] ?? english, first, LOCALES, {
  allowMissing: true,
});
