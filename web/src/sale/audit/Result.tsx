import { useTranslations } from "use-intl";
import { Icon } from "../../parts/Icon";
import { Note } from "../../parts/Note";
import { Panel } from "../../parts/Panel";
import { useMoney } from "../../words/Words";
import css from "./AuditPage.module.css";
import type { Verdict } from "./check";

// What came of a log, in words; of one that does not hold the first wrong event.
export function Result({ verdict }: { verdict: Verdict }) {
  const t = useTranslations("audit");
  const { auction, events, wrong, standing, isPublic, isSigned, receipts, openings } = verdict;
  const money = useMoney();
  if (wrong) {
    const { seq, type, what } = wrong;
    const event =
      type && t.has(`types.${type}` as "types.bid") ? t(`types.${type}` as "types.bid") : t("types.unknown");
    return (
      <Panel title={t("fails")} beside={<code className={css.id}>{auction}</code>}>
        <Note tone="danger">
          <strong>{type ? t("event", { seq, event }) : t("eventMissing", { seq })}</strong> {t(`wrong.${what}`)}
        </Note>
        <p className={css.lead}>{t("failsThen")}</p>
      </Panel>
    );
  }
  const sold = standing?.status === "sold" && standing.hammer_price !== null;
  const end = sold
    ? t("sold", { who: standing.leader ?? "", amount: money(standing.hammer_price ?? 0, standing.currency) })
    : t(standing?.status === "cancelled" ? "cancelled" : "notSold");
  return (
    <Panel title={t("holds")} beside={<code className={css.id}>{auction}</code>}>
      <Note tone="accent">
        <strong>{end}</strong>
      </Note>
      <ul className={css.checks}>
        <Check done>{t("checkedChain", { events })}</Check>
        <Check done>{t("checkedRules")}</Check>
        {isPublic && <Check done={isSigned}>{t(isSigned ? "checkedHead" : "uncheckedHead")}</Check>}
        <Check done={receipts > 0 && isSigned}>
          {receipts ? t(isSigned ? "checkedReceipts" : "uncheckedReceipts", { receipts }) : t("noReceipts")}
        </Check>
        <Check done={openings.length > 0}>
          {openings.length ? t("checkedOpenings", { openings: openings.length }) : t("noOpenings")}
        </Check>
      </ul>
      {openings.some(({ hidden }) => typeof hidden.amount === "number") && (
        <>
          <h3>{t("yours")}</h3>
          <ul className={css.opened}>
            {openings.map(({ seq, hidden }) =>
              typeof hidden.amount === "number" && standing ? (
                <li key={seq}>
                  {t(hidden.code ? "yourRefused" : "yourBid", { seq, amount: money(hidden.amount, standing.currency) })}
                </li>
              ) : null,
            )}
          </ul>
        </>
      )}
    </Panel>
  );
}

const Check = ({ done, children }: { done: boolean; children: string }) => (
  <li data-done={done}>
    <Icon name={done ? "check" : "close"} />
    <span>{children}</span>
  </li>
);
