// What became of a bid, in words.

import { useTranslations } from "use-intl";
import { useMoney } from "../../words/Words";
import type { Fate } from "./place";

export interface Said {
  tone: "good" | "bad" | "wait";
  text: string;
  again: boolean; // whether sending it once more may help
}

const OUTCOMES = ["leading", "outbid_by_earlier_equal", "outbid_by_higher_maximum", "sealed", "bought"] as const;
const CODES = [
  "unknown_auction",
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
  "price_above_amount",
] as const;

export function useAnswers(currency: string): (fate: Fate) => Said {
  const t = useTranslations("bidding");
  const money = useMoney();
  const show = (amount: number | null | undefined) => (amount == null ? "" : money(amount, currency));

  const accepted = (fate: Fate & { kind: "accepted" }): Said => {
    const { outcome, amount, standing } = fate.data;
    const known = OUTCOMES.find((each) => each === outcome);
    const beaten = !!outcome?.startsWith("outbid");
    const paid = known === "bought" ? (standing?.price ?? amount) : amount;
    const text = known ? t(`outcome.${known}`, { amount: show(paid) }) : t("outcome.accepted");
    const next =
      beaten && standing?.minimum_next ? ` ${t("outcome.next", { amount: show(standing.minimum_next) })}` : "";
    return { tone: beaten ? "bad" : "good", text: text + next, again: false };
  };
  const refused = ({ error, retryAfterS }: Fate & { kind: "refused" }): Said => {
    const details = error.details as { code?: string; minimum?: number; price?: number; late_by_ms?: number };
    const code = CODES.find((each) => each === details?.code);
    const amount = show(details?.minimum ?? details?.price);
    if (code === "closed" && details.late_by_ms) {
      return { tone: "bad", text: t("late", { seconds: details.late_by_ms / 1000 }), again: false };
    }
    if (code) return { tone: "bad", text: t(`refused.${code}`, { amount }), again: false };
    if (error.status === 429) return { tone: "bad", text: t("tooFast", { seconds: retryAfterS ?? 1 }), again: false };
    const faults = error.details?.errors?.map((fault) => fault.message).join(". ");
    return { tone: "bad", text: faults || error.message, again: false };
  };

  return (fate) => {
    switch (fate.kind) {
      case "accepted":
        return accepted(fate);
      case "refused":
        return refused(fate);
      case "signedOut":
        return { tone: "bad", text: t("signedOut"), again: true };
      case "unknown":
        return { tone: "wait", text: t("unknown", { amount: show(fate.bid.amount) }), again: true };
      case "missing":
        return { tone: "wait", text: t("missing", { amount: show(fate.bid.amount) }), again: true };
    }
  };
}
