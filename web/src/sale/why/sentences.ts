// Why a bid was decided so, in the reader's language; in the server's words where the decision has none here.

import { useFormatter, useLocale, useTranslations } from "use-intl";
import { span } from "../../words/duration";
import { useMoney } from "../../words/Words";
import type { Fate, Why } from "./data";

const BEATEN = ["outbid_by_earlier_equal", "outbid_by_higher_maximum"] as const;
const REFUSED = [
  "key_reused",
  "not_allowed",
  "own_auction",
  "cancelled",
  "not_open",
  "closed",
  "buy_now_gone",
  "buy_now_changed",
  "already_leading",
  "not_above_own_maximum",
  "too_low",
  "jump_too_large",
  "price_above_amount",
] as const;
const ENDS = ["sold", "unsold", "pending_approval", "cancelled"] as const;

export function useSentences(currency: string): (why: Why) => string[] {
  const t = useTranslations("why");
  const format = useFormatter();
  const locale = useLocale();
  const money = useMoney();
  const show = (amount: number | null | undefined) => (amount == null ? "–" : money(amount, currency));
  const moment = (at: number) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "medium" });

  const accepted = ({ decision, alias, amount, minimum, price, leader, leader_before: before }: Why): string | null => {
    const beaten = BEATEN.find((each) => each === decision);
    if (beaten) return t(`accepted.${beaten}`, { leader: leader ?? "–" });
    if (decision === "sealed") return t("accepted.sealed", { amount: show(amount) });
    if (decision === "bought") return t("accepted.bought", { price: show(price) });
    if (decision !== "leading") return null;
    if (before === null) return t("accepted.first", { minimum: show(minimum) });
    if (before === alias) return t("accepted.raised", { amount: show(amount) });
    return t("accepted.leading", { minimum: show(minimum), leader: before });
  };
  const refused = ({ decision, details = {} }: Why): string | null => {
    const { minimum, maximum, price, late_by_ms: late } = details;
    if (decision === "closed" && late) return t("refused.late", { late: span(late, locale) });
    const code = REFUSED.find((each) => each === decision);
    return code ? t(`refused.${code}`, { minimum: show(minimum), maximum: show(maximum), price: show(price) }) : null;
  };
  const moved = ({ decision, price, price_before: before }: Why): string | null => {
    if (price === null || decision === "bought") return null;
    if (before === null) return t("price.first", { price: show(price) });
    return t(price === before ? "price.same" : "price.moved", { before: show(before), price: show(price) });
  };
  const ending = ({ kind, status, words, leader, reason, at }: Fate): string => {
    const when = moment(at);
    const end = ENDS.find((each) => each === status);
    if (kind === "outbid") return t(end === "sold" ? "fate.bought" : "fate.outbid", { leader: leader ?? "–", when });
    if (kind === "raised") return t("fate.raised", { when });
    if (kind === "retracted") return t("fate.retracted", { reason: reason ?? "–", when });
    return end && kind === "ended" ? t(`fate.${end}`) : words;
  };

  return (why) => {
    const { alias, leader, decision, at, ends_at_before: before, ends_at: end, fate } = why;
    if (alias === null) return [refused(why) ?? why.words];
    const said = accepted(why);
    if (said === null) return fate ? [why.words, ending(fate)] : [why.words];
    const found = [said, moved(why)];
    if (why.met_reserve) found.push(t("reserve"));
    if (end !== before)
      found.push(t("extended", { left: span(before - at, locale), more: span(end - before, locale) }));
    if (fate) found.push(ending(fate));
    else if (leader === alias && decision !== "bought") found.push(t("fate.leads"));
    return found.filter((each) => each !== null);
  };
}
