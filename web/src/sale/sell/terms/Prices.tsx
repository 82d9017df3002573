import { useTranslations } from "use-intl";
import { Field } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import { Select } from "../../../parts/Select";
import forms from "../../own/Form.module.css";
import type { PartProps } from "./TermsForm";

const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY"];

type Amount = "starting_price" | "reserve_price" | "buy_now_price" | "decrement" | "floor_price";

export function Prices({ draft, faults, change }: PartProps) {
  const t = useTranslations("terms");
  const english = draft.kind === "proxy" || draft.kind === "direct";
  const dutch = draft.kind === "dutch";
  const currencies = CURRENCIES.includes(draft.currency) ? CURRENCIES : [draft.currency, ...CURRENCIES];
  const tables = (["cars", "us", "own"] as const).filter((each) => each !== "own" || draft.increments === "own");
  const amount = (name: Amount, label: string, hint?: string) => (
    <Field
      label={label}
      hint={hint}
      name={name}
      inputMode="decimal"
      autoComplete="off"
      before={draft.currency}
      value={draft[name]}
      onValue={(value) => change({ [name]: value })}
      error={faults[name]}
    />
  );
  return (
    <Panel title={t("prices")}>
      <div className={forms.pair}>
        <Select
          label={t("currency")}
          value={draft.currency}
          onChange={(currency) => change({ currency })}
          options={currencies.map((value) => ({ value, label: value }))}
        />
        {dutch
          ? amount("starting_price", t("first"), t("firstHint"))
          : amount("starting_price", t("starting"), t("startingHint"))}
      </div>
      {dutch && (
        <>
          <div className={forms.pair}>
            {amount("decrement", t("decrement"))}
            <Field
              label={t("every")}
              name="every"
              inputMode="decimal"
              after={t("seconds")}
              value={draft.every}
              onValue={(every) => change({ every })}
              error={faults.decrement_every_ms}
            />
          </div>
          <div className={forms.pair}>{amount("floor_price", t("floor"), t("floorHint"))}</div>
        </>
      )}
      {!dutch && (
        <div className={forms.pair}>
          {amount("reserve_price", t("reserve"), t("reserveHint"))}
          {english && amount("buy_now_price", t("buyNow"), t("buyNowHint"))}
        </div>
      )}
      {english && (
        <div className={forms.pair}>
          <Select
            label={t("increments")}
            value={draft.increments}
            onChange={(increments) => change({ increments })}
            options={tables.map((value) => ({ value, label: t(`incrementsOf.${value}`) }))}
          />
          <Field
            label={t("jump")}
            hint={t("jumpHint")}
            name="max_jump_percent"
            inputMode="numeric"
            after={t("percent")}
            value={draft.max_jump_percent}
            onValue={(max_jump_percent) => change({ max_jump_percent })}
            error={faults.max_jump_percent}
          />
        </div>
      )}
    </Panel>
  );
}
