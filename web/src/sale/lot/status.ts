// How a lot stands, said whole: one sentence about oneself if one bid, else about the lot.

import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { useMoney } from "../../words/Words";
import { isDirect, isSealed } from "../standing/lot";

export type StatusTone = "leading" | "outbid" | "ending" | "plain";

export interface StatusWords {
  tone: StatusTone;
  text: string;
  more: string | null;
}

export function useStatus(row: Auction, standing: Standing, position: Position | undefined): StatusWords {
  const t = useTranslations("auction.status");
  const money = useMoney();
  const { status, reserve_met, leader, currency } = standing;
  const show = (amount: number) => money(amount, currency);
  const most = position?.your_maximum ?? null;
  const own = most === null ? null : t(isSealed(row) ? "yourSealed" : "yourMaximum", { amount: show(most) });
  const said = (tone: StatusTone, text: string, more: string | null = null): StatusWords => ({ tone, text, more });

  if (position?.state === "won") return said("leading", t("won", { amount: show(standing.hammer_price ?? 0) }));
  if (status === "cancelled") return said("plain", t("cancelled"), row.cancel_reason ?? t("reasonSoon"));
  if (status === "countered") return said("ending", t(position?.state === "leading" ? "offered" : "countered"));
  if (status === "pending_approval") {
    return said("ending", t(position?.state === "leading" ? "pendingYours" : "pending"));
  }
  if (status === "sold") return said("plain", position ? t("lost") : t("sold", { who: leader ?? "–" }));
  if (status === "unsold") return said("plain", t(reserve_met === false ? "reserveNotReached" : "unsold"));
  if (status === "scheduled") return said("plain", t("scheduled"));
  if (position?.state === "sealed") return said("leading", t("sealed"), own);
  if (position?.state === "leading") {
    const unmet = reserve_met === false;
    return said(
      unmet ? "ending" : "leading",
      t(unmet ? "leadBelowReserve" : "lead", { amount: show(standing.price ?? 0) }),
      own,
    );
  }
  if (position?.state === "outbid") return said("outbid", t(isDirect(row) ? "outbidDirect" : "outbid"), own);
  if (reserve_met === false) return said("ending", t("reserveNotMet"));
  if (leader) return said("plain", t("leads", { who: leader }));
  return said("plain", t(row.format === "dutch" ? "falling" : isSealed(row) ? "sealedOpen" : "noBids"));
}
