import { useTranslations } from "use-intl";
import type { Car } from "../../../api/types";
import { Choice } from "../../../parts/Choice";
import { Field } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import { Select } from "../../../parts/Select";
import forms from "../../own/Form.module.css";
import type { Faults } from "../../own/useSaving";
import type { FormatWord } from "../../standing/lot";
import type { Draft } from "./draft";
import { Prices } from "./Prices";
import { SaleTerms } from "./SaleTerms";
import { Times } from "./Times";

const FORMATS: FormatWord[] = ["proxy", "direct", "dutch", "sealed_first_price", "sealed_second_price"];

export interface PartProps {
  draft: Draft;
  faults: Faults;
  change: (part: Partial<Draft>) => void;
}

interface TermsFormProps extends PartProps {
  cars: Car[];
  titled: boolean; // an amendment changes the terms alone
}

// Only what fits the format is asked for.
export function TermsForm({ draft, faults, change, cars, titled }: TermsFormProps) {
  const t = useTranslations("terms");
  const part = { draft, faults, change };
  const chosen = cars.some((car) => car.documentId === draft.car) ? draft.car : "";
  return (
    <>
      {titled && (
        <Panel title={t("what")}>
          <Field
            label={t("title")}
            hint={t("titleHint")}
            name="title"
            maxLength={200}
            value={draft.title}
            onValue={(title) => change({ title })}
            error={faults.title}
          />
          <Select
            label={t("car")}
            value={chosen}
            onChange={(car) => change({ car })}
            options={[
              { value: "", label: t("noCar") },
              ...cars.map((car) => ({ value: car.documentId, label: carName(car) })),
            ]}
          />
        </Panel>
      )}
      <Panel title={t("how")}>
        <div className={forms.form}>
          <Choice
            label={t("format")}
            value={draft.kind}
            onChange={(kind) => change({ kind })}
            options={FORMATS.map((value) => ({
              value,
              label: t(`formats.${value}.name`),
              hint: t(`formats.${value}.hint`),
            }))}
            error={faults.format}
          />
        </div>
      </Panel>
      <Prices {...part} />
      <Times {...part} />
      {draft.kind !== "dutch" && <SaleTerms {...part} />}
    </>
  );
}

export const carName = ({ year, make, model }: Car) => [year, make, model].filter(Boolean).join(" ");
