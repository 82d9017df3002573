import { useRef, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { Auction } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Button } from "../../../parts/Button";
import { Note } from "../../../parts/Note";
import { Panel } from "../../../parts/Panel";
import { toast } from "../../../parts/Toast";
import forms from "../../own/Form.module.css";
import { focusFirstFault, useSaving } from "../../own/useSaving";
import { Heading } from "../../shell/Heading";
import sell from "../Sell.module.css";
import { atFields, draftOf, lacks, read } from "../terms/draft";
import { Summary } from "../terms/Summary";
import { useSummary } from "../terms/sentences";
import { TermsForm } from "../terms/TermsForm";
import { useGuard } from "../useGuard";

// New terms, whole, while nobody could bid yet.
export function Amend({ row, onDone }: { row: Auction; onDone: () => void }) {
  const t = useTranslations("run");
  const terms = useTranslations("terms");
  const own = useTranslations("own");
  const locale = useLocale();
  const form = useRef<HTMLFormElement>(null);
  const [before] = useState(() => draftOf(row, locale));
  const [draft, setDraft] = useState(before);
  const { busy, fault, faults, check, run } = useSaving();
  const { mutateAsync } = useAct(row.documentId);
  const summary = useSummary();
  const { values, faults: typos } = read(draft, locale, row);
  useGuard(!busy && JSON.stringify(draft) !== JSON.stringify(before));

  const amend = async () => {
    const { title: _title, car: _car, ...given } = values;
    const found = { ...lacks(values), ...typos };
    const named = Object.entries(found).map(([name, word]) => [name, own(`faults.${word}`)]);
    const ready = check(Object.fromEntries(named));
    const amended = ready && (await run(() => mutateAsync({ action: "amend", data: given })));
    if (!amended) return focusFirstFault(form.current);
    toast({ title: t("amended"), tone: "leading" });
    onDone();
  };
  return (
    <>
      <Heading title={t("amendTitle", { title: row.title })} className={sell.heading} />
      <form
        ref={form}
        className={sell.sides}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) amend();
        }}
      >
        <div className={sell.main}>
          <TermsForm
            titled={false}
            draft={draft}
            faults={atFields(faults)}
            change={(part) => setDraft((before) => ({ ...before, ...part }))}
            cars={[]}
          />
        </div>
        <div className={sell.aside}>
          <Panel title={terms("inWords")}>
            <Summary sentences={summary(values)} />
          </Panel>
          {fault && (
            <Note tone="danger" alert>
              {fault}
            </Note>
          )}
          <div className={forms.actions}>
            <Button type="submit" look="primary" wide busy={busy}>
              {t("amendNow")}
            </Button>
            <Button wide onClick={onDone}>
              {own("cancel")}
            </Button>
          </div>
        </div>
      </form>
    </>
  );
}
