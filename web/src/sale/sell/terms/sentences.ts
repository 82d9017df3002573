// The terms as sentences that a seller can hold the house to.

import { useFormatter, useTranslations } from "use-intl";
import type { Auction } from "../../../api/types";
import { useMoney } from "../../../words/Words";
import type { Values } from "./draft";
import { useDuration } from "./duration";

type Terms = Pick<
  Values,
  | "format"
  | "currency"
  | "starts_at"
  | "ends_at"
  | "starting_price"
  | "reserve_price"
  | "buy_now_price"
  | "proxy"
  | "soft_close"
  | "max_jump_percent"
  | "decrement"
  | "decrement_every_ms"
  | "floor_price"
  | "sale_terms"
  | "approval_ms"
>;

const DEFAULT_APPROVAL_MS = 2 * 86_400_000;

export function termsOfRow(row: Auction): Terms {
  return {
    ...row,
    format: row.format ?? "english",
    currency: row.currency ?? "EUR",
    reserve_price: row.reserve_price ?? null,
    sale_terms: row.sale_terms ?? "pure",
  };
}

export function useSummary(): (terms: Terms) => string[] {
  const t = useTranslations("terms.summary");
  const format = useFormatter();
  const money = useMoney();
  const duration = useDuration();

  const when = (ms: number) =>
    t("moment", {
      day: format.dateTime(new Date(ms), { weekday: "long", day: "numeric", month: "long" }),
      time: format.dateTime(new Date(ms), { hour: "2-digit", minute: "2-digit" }),
    });

  return (terms) => {
    const price = (amount: number | null) => (amount === null ? "…" : money(amount, terms.currency));
    const found: string[] = [];
    const say = (...sentences: (string | false | null)[]) =>
      found.push(...sentences.filter((each) => each !== false && each !== null));
    say(terms.starts_at === null ? t("opensListed") : t("opens", { when: when(terms.starts_at) }));
    say(terms.ends_at === null ? t("noEnd") : t("ends", { when: when(terms.ends_at) }));
    if (terms.format === "dutch") say(...falling(terms, price));
    else say(t(`bidding.${wordOf(terms)}`, { price: price(terms.starting_price) }));
    const soft = terms.soft_close;
    if (soft) {
      const filled = { window: duration(soft.window_ms), extend: duration(soft.extend_ms) };
      say(t(soft.mode === "add" ? "softAdd" : "softReset", filled));
      say(soft.max_extension_ms !== null && t("softMost", { most: duration(soft.max_extension_ms) }));
    }
    if (terms.buy_now_price !== null) {
      say(t(terms.reserve_price === null ? "buyNow" : "buyNowReserve", { price: price(terms.buy_now_price) }));
    }
    say(terms.max_jump_percent !== null && t("jump", { percent: terms.max_jump_percent }));
    const approval = duration(terms.approval_ms ?? DEFAULT_APPROVAL_MS);
    say(t(`sale.${saleOf(terms)}`, { reserve: price(terms.reserve_price), approval }));
    return found;
  };

  function falling(terms: Terms, price: (amount: number | null) => string): string[] {
    const { starting_price: first, floor_price: floor, decrement, decrement_every_ms: every } = terms;
    const said = t("bidding.dutch", {
      price: price(first),
      step: price(decrement),
      every: every === null ? "…" : duration(every),
      floor: price(floor),
    });
    if (first === null || floor === null || !decrement || !every || first < floor) return [said];
    const lasts = Math.ceil((first - floor) / decrement) * every;
    const open = terms.starts_at === null || terms.ends_at === null ? null : terms.ends_at - terms.starts_at;
    return [said, t(open !== null && lasts > open ? "neverLowest" : "lowestAfter", { lasts: duration(lasts) })];
  }
}

function wordOf({ format, proxy }: Terms): "proxy" | "direct" | "sealed_first_price" | "sealed_second_price" {
  if (format === "sealed_first_price" || format === "sealed_second_price") return format;
  return proxy === false ? "direct" : "proxy";
}

type Sale = "pure" | "pureReserve" | "approval" | "approvalReserve" | "taken";

function saleOf({ format, sale_terms, reserve_price }: Terms): Sale {
  const approval = sale_terms === "on_approval";
  if (format === "dutch") return "taken"; // whoever takes it buys it then
  if (reserve_price === null) return approval ? "approval" : "pure";
  return approval ? "approvalReserve" : "pureReserve";
}
