import { useTranslations } from "use-intl";
import { Field, TextArea } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import forms from "../../own/Form.module.css";
import type { Faults } from "../../own/useSaving";
import type { CarField, Typed } from "./fields";

interface CarFieldsProps {
  typed: Typed;
  faults: Faults;
  fixed: boolean;
  change: (part: Partial<Typed>) => void;
}

export function CarFields({ typed, faults, fixed, change }: CarFieldsProps) {
  const t = useTranslations("car");
  const field = (
    name: CarField,
    label: string,
    more: { hint?: string; maxLength?: number; numeric?: boolean } = {},
  ) => (
    <Field
      label={label}
      hint={more.hint}
      name={name}
      maxLength={more.maxLength}
      inputMode={more.numeric ? "numeric" : undefined}
      autoComplete="off"
      readOnly={fixed}
      value={typed[name]}
      onValue={(value) => change({ [name]: value })}
      error={faults[name]}
    />
  );
  return (
    <Panel title={t("facts")}>
      <div className={forms.pair}>
        {field("make", t("make"), { maxLength: 100 })}
        {field("model", t("model"), { maxLength: 100 })}
      </div>
      <div className={forms.pair}>
        {field("year", t("year"), { numeric: true })}
        {field("mileage", t("mileage"), { numeric: true, hint: t("mileageHint") })}
      </div>
      <div className={forms.pair}>
        {field("vin", t("vin"), { maxLength: 64, hint: t("vinHint") })}
        {field("location", t("location"), { maxLength: 200, hint: t("locationHint") })}
      </div>
      {field("condition", t("condition"), { maxLength: 200, hint: t("conditionHint") })}
      <TextArea
        label={t("description")}
        hint={t("descriptionHint")}
        rows={8}
        maxLength={20_000}
        value={typed.description}
        onValue={(description) => fixed || change({ description })}
        error={faults.description}
      />
    </Panel>
  );
}
