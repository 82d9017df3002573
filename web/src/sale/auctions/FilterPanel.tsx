import { useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import css from "./FilterPanel.module.css";
import { CURRENCIES, countFilters, type Filters, FORMATS, NO_FILTERS } from "./filters";

const PAUSE_MS = 400;
const NUMBERS = { yearFrom: 4, yearTo: 4, mileageMax: 7, priceFrom: 9, priceTo: 9 } as const;
type NumberName = keyof typeof NUMBERS;

interface FilterPanelProps {
  filters: Filters;
  makes: string[];
  change: (next: Partial<Filters>) => void;
}

export default function FilterPanel({ filters, makes, change }: FilterPanelProps) {
  const t = useTranslations("auctions.filter");
  const formats = useTranslations("auctions.format");
  const list = useId();
  const number = (name: NumberName) => (
    <Typed
      label={t(name)}
      value={filters[name] === null ? "" : String(filters[name])}
      digits={NUMBERS[name]}
      commit={(text) => change({ [name]: text === "" ? null : Number(text) })}
    />
  );
  return (
    <div className={css.panel}>
      <Typed label={t("make")} value={filters.make} list={list} commit={(make) => change({ make: make.trim() })} />
      <datalist id={list}>
        {makes.map((make) => (
          <option key={make} value={make} />
        ))}
      </datalist>
      <div className={css.pair}>
        {number("yearFrom")}
        {number("yearTo")}
      </div>
      {number("mileageMax")}
      <div className={css.pair}>
        {number("priceFrom")}
        {number("priceTo")}
      </div>
      <Select
        label={t("currency")}
        value={filters.currency}
        onChange={(currency) => change({ currency })}
        options={[{ value: "", label: t("any") }, ...CURRENCIES.map((value) => ({ value, label: value }))]}
      />
      <Select
        label={t("format")}
        value={filters.format}
        onChange={(format) => change({ format })}
        options={[{ value: "", label: t("any") }, ...FORMATS.map((value) => ({ value, label: formats(value) }))]}
      />
      {countFilters(filters) > 0 && (
        <Button look="plain" className={css.clear} onClick={() => change(NO_FILTERS)}>
          {t("clear")}
        </Button>
      )}
    </div>
  );
}

interface TypedProps {
  label: string;
  value: string;
  digits?: number;
  list?: string;
  commit: (text: string) => void;
}

// Searches when one pauses, not at every key.
function Typed({ label, value, digits, list, commit }: TypedProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed begins the pause anew
  useEffect(() => {
    if (text === value) return;
    const pause = setTimeout(() => commit(text), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [text]);
  return (
    <Field
      label={label}
      value={text}
      list={list}
      inputMode={digits ? "numeric" : "text"}
      maxLength={digits}
      onValue={(next) => setText(digits ? next.replace(/\D/g, "") : next)}
      autoComplete="off"
    />
  );
}
