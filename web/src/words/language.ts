// Which language the reader wants, and the catalogue of its words: only that one is loaded.

import type { Catalogue } from "./en";
import type { OwnCatalogue } from "./en/own";

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

declare module "use-intl" {
  interface AppConfig {
    Messages: Catalogue & OwnCatalogue;
  }
}

const KEY = "vendue-language";
const LOADERS: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import("./en"),
  de: () => import("./de"),
};

const isLanguage = (text: string | null | undefined): text is Language => LANGUAGES.includes(text as Language);

export function wantedLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((each) => each.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

// With the reader's region, which decides how amounts and dates are written.
export function localeOf(language: Language): string {
  return navigator.languages.find((each) => each.toLowerCase().startsWith(`${language}-`)) ?? language;
}

export const storeLanguage = (language: Language) => localStorage.setItem(KEY, language);

export const loadWords = async (language: Language): Promise<Catalogue> => (await LOADERS[language]()).default;
