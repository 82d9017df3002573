import { useState } from "react";
import { useTranslations } from "use-intl";
import { storedTheme, storeTheme, THEMES, type Theme } from "../../look/theme";
import { Panel } from "../../parts/Panel";
import { Select } from "../../parts/Select";
import type { Language } from "../../words/language";
import { useLanguage } from "../../words/Words";
import forms from "../own/Form.module.css";

const NAMES: { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
];

export function Display() {
  const t = useTranslations("shell");
  const account = useTranslations("account");
  const [language, chooseLanguage] = useLanguage();
  const [theme, setTheme] = useState(storedTheme);
  const choose = (next: Theme) => {
    storeTheme(next);
    setTheme(next);
  };
  return (
    <Panel id="display" title={account("parts.display")}>
      <div className={forms.pair}>
        <Select
          label={t("theme")}
          value={theme}
          onChange={choose}
          options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
        />
        <Select label={t("language")} value={language} onChange={chooseLanguage} options={NAMES} />
      </div>
    </Panel>
  );
}
