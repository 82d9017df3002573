import { useLocale, useTranslations } from "use-intl";
import type { Auction, Standing } from "../../api/types";
import { duration } from "../../words/duration";
import { useMoney } from "../../words/Words";
import { increment } from "../bidding/increments";
import { formatOf, reserveOf } from "../standing/lot";
import css from "./Facts.module.css";

// The terms, as one would explain them to somebody who never bid.
export function Terms({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auction.terms");
  const formats = useTranslations("auctions.format");
  const locale = useLocale();
  const money = useMoney();
  const long = (ms: number) => duration(ms, locale);
  const { currency } = standing;
  const format = formatOf(row);
  const reserve = reserveOf(row, standing);
  const soft = row.soft_close;
  const english = row.format === "english";
  const terms: [string, string][] = [[formats(format), t(`format.${format}`)]];
  if (reserve) terms.push([t("reserve"), t(reserve === "none" ? "noReserve" : "hiddenReserve")]);
  if (english) {
    const step = increment(row.increments, currency, standing.price ?? standing.opening);
    terms.push([t("increments"), t("incrementsText", { step: money(step, currency) })]);
  }
  if (soft) {
    const asked = { window: long(soft.window_ms), extend: long(soft.extend_ms) };
    const text = t(soft.mode === "reset" ? "softCloseReset" : "softCloseAdd", asked);
    const most = soft.max_extension_ms ? ` ${t("softCloseMost", { most: long(soft.max_extension_ms) })}` : "";
    terms.push([t("softClose"), text + most]);
  }
  if (standing.clock) {
    const { decrement, every_ms, floor } = standing.clock;
    const asked = { step: money(decrement, currency), every: long(every_ms), floor: money(floor, currency) };
    terms.push([t("clock"), t("clockText", asked)]);
  }
  if (row.max_jump_percent) terms.push([t("jump"), t("jumpText", { percent: row.max_jump_percent })]);
  if (row.sale_terms === "on_approval") {
    terms.push([t("approval"), t("approvalText", { time: long(row.approval_ms ?? 172_800_000) })]);
  }
  terms.push([t("pays"), t("paysText")]);
  return (
    <section>
      <h2>{t("title")}</h2>
      <dl className={css.terms}>
        {terms.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
