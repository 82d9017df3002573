import { useTranslations } from "use-intl";
import { Check } from "../../../parts/Check";
import { Field } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import { Select } from "../../../parts/Select";
import forms from "../../own/Form.module.css";
import type { PartProps } from "./TermsForm";

const ZONE = new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" });

// "Europe/Berlin (GMT+1)"
function zone(): string {
  const offset = ZONE.formatToParts(new Date()).find((part) => part.type === "timeZoneName")?.value;
  const { timeZone } = ZONE.resolvedOptions();
  return offset && offset !== timeZone ? `${timeZone.replaceAll("_", " ")} (${offset})` : timeZone;
}

export function Times({ draft, faults, change }: PartProps) {
  const t = useTranslations("terms");
  const english = draft.kind === "proxy" || draft.kind === "direct";
  return (
    <Panel title={t("times")} lead={t("zone", { zone: zone() })}>
      <div className={forms.pair}>
        <Select
          label={t("begins")}
          value={draft.begins}
          onChange={(begins) => change({ begins })}
          options={(["listed", "at"] as const).map((value) => ({ value, label: t(`beginsOf.${value}`) }))}
        />
        {draft.begins === "at" && (
          <Field
            label={t("startsAt")}
            type="datetime-local"
            name="starts_at"
            value={draft.starts_at}
            onValue={(starts_at) => change({ starts_at })}
            error={faults.starts_at}
          />
        )}
        <Field
          label={t("endsAt")}
          type="datetime-local"
          name="ends_at"
          value={draft.ends_at}
          onValue={(ends_at) => change({ ends_at })}
          error={faults.ends_at}
        />
      </div>
      {english && (
        <Check label={t("soft")} hint={t("softHint")} checked={draft.soft} onChange={(soft) => change({ soft })} />
      )}
      {english && draft.soft && (
        <>
          <div className={forms.pair}>
            <Field
              label={t("window")}
              name="window"
              inputMode="decimal"
              after={t("minutes")}
              value={draft.window}
              onValue={(window) => change({ window })}
              error={faults.window}
            />
            <Field
              label={t("extend")}
              name="extend"
              inputMode="decimal"
              after={t("minutes")}
              value={draft.extend}
              onValue={(extend) => change({ extend })}
              error={faults.extend}
            />
          </div>
          <div className={forms.pair}>
            <Select
              label={t("mode")}
              value={draft.mode}
              onChange={(mode) => change({ mode })}
              options={(["reset", "add"] as const).map((value) => ({ value, label: t(`modes.${value}`) }))}
            />
            <Field
              label={t("longest")}
              hint={t("longestHint")}
              name="longest"
              inputMode="decimal"
              after={t("minutes")}
              value={draft.longest}
              onValue={(longest) => change({ longest })}
              error={faults.longest}
            />
          </div>
        </>
      )}
    </Panel>
  );
}
