import { useTranslations } from "use-intl";
import { Choice } from "../../../parts/Choice";
import { Field } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import forms from "../../own/Form.module.css";
import type { PartProps } from "./TermsForm";

export function SaleTerms({ draft, faults, change }: PartProps) {
  const t = useTranslations("terms");
  const reserve = draft.reserve_price.trim() !== "";
  const pure = reserve ? "pure" : "pureNoReserve";
  return (
    <Panel title={t("sale")}>
      <Choice
        label={t(reserve ? "saleTerms" : "saleTermsNoReserve")}
        value={draft.sale_terms}
        onChange={(sale_terms) => change({ sale_terms })}
        options={[
          { value: "pure", label: t(`saleOf.${pure}.name`), hint: t(`saleOf.${pure}.hint`) },
          { value: "on_approval", label: t("saleOf.approval.name"), hint: t("saleOf.approval.hint") },
        ]}
        error={faults.sale_terms}
      />
      {draft.sale_terms === "on_approval" && (
        <div className={forms.pair}>
          <Field
            label={t("approval")}
            name="approval"
            inputMode="decimal"
            after={t("days")}
            value={draft.approval}
            onValue={(approval) => change({ approval })}
            error={faults.approval_ms}
          />
        </div>
      )}
    </Panel>
  );
}
