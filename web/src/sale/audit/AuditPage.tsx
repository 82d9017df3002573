import { useState } from "react";
import { useTranslations } from "use-intl";
import { useSearch } from "wouter";
import { Note } from "../../parts/Note";
import { Panel } from "../../parts/Panel";
import { withOwnWords } from "../../words/OwnWords";
import { Heading } from "../shell/Heading";
import css from "./AuditPage.module.css";
import { Drop } from "./Drop";
import { Fetch } from "./Fetch";
import { Result } from "./Result";
import { addTo, nothing, Unreadable } from "./read";
import { useCheck } from "./useCheck";

// Checks a sale in the browser alone: what the house says of itself is not asked.
function AuditPage() {
  const t = useTranslations("audit");
  const auction = new URLSearchParams(useSearch()).get("auction");
  const [held, setHeld] = useState(nothing);
  const [unread, setUnread] = useState<string[]>([]);
  const verdicts = useCheck(held);
  const add = (files: { name: string; text: string }[]) => {
    let now = held;
    const refused: string[] = [];
    for (const { name, text } of files) {
      try {
        now = addTo(now, text);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        refused.push(name);
      }
    }
    setHeld(now);
    setUnread(refused);
  };
  const loose = held.logs.size === 0 && held.receipts.length + held.openings.length + held.keys.length > 0;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <Heading title={t("title")} />
        <p className={css.lead}>{t("lead")}</p>
      </header>
      {!crypto.subtle && <Note tone="danger">{t("insecure")}</Note>}
      <Panel title={t("files")} lead={t("filesLead")}>
        {auction && <Fetch auction={auction} add={add} />}
        <Drop add={add} />
        {unread.map((name) => (
          <Note key={name} tone="danger" alert>
            {t("unreadable", { name })}
          </Note>
        ))}
        {loose && <Note>{t("loose")}</Note>}
      </Panel>
      <div role="status" className={css.results}>
        {verdicts === null && <p className={css.lead}>{t("checking")}</p>}
        {verdicts?.map((verdict) => (
          <Result key={verdict.auction} verdict={verdict} />
        ))}
      </div>
      <Panel title={t("means")}>
        <ul className={css.means}>
          <li>{t("meansChain")}</li>
          <li>{t("meansReceipt")}</li>
          <li>{t("meansOpening")}</li>
          <li>{t("meansOffline")}</li>
        </ul>
      </Panel>
    </div>
  );
}

export default withOwnWords(AuditPage);
