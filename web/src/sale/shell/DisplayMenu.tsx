import { useState } from "react";
import { useTranslations } from "use-intl";
import { storedTheme, storeTheme, THEMES, type Theme } from "../../look/theme";
import { IconButton } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { Menu, MenuChoice, MenuSeparator } from "../../parts/Menu";
import type { Language } from "../../words/language";
import { useLanguage } from "../../words/Words";

// Each language in its own words, so that whoever reads it finds it.
const NAMES = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
];

export function DisplayMenu() {
  const t = useTranslations("shell");
  const [language, chooseLanguage] = useLanguage();
  const [theme, setTheme] = useState(storedTheme);
  const choose = (next: string) => {
    storeTheme(next as Theme);
    setTheme(next as Theme);
  };
  return (
    <Menu
      trigger={
        <IconButton label={t("display")} size="s">
          <Icon name="tune" />
        </IconButton>
      }
    >
      <MenuChoice
        label={t("theme")}
        value={theme}
        onChange={choose}
        options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
      />
      <MenuSeparator />
      <MenuChoice
        label={t("language")}
        value={language}
        onChange={(next) => chooseLanguage(next as Language)}
        options={NAMES}
      />
    </Menu>
  );
}
