import { lazy, Suspense, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Bid } from "../../api/types";
import { Badge } from "../../parts/Badge";
import { Icon } from "../../parts/Icon";
import { Money } from "../../parts/Money";
import css from "./BidLine.module.css";

const Reason = lazy(() => import("./Reason"));

interface BidLineProps {
  bid: Bid;
  currency: string;
  seq: number; // the auction's, as of now
}

// A bid among others. One's own opens, and says why it was decided so.
export function BidLine({ bid, currency, seq }: BidLineProps) {
  const t = useTranslations("auction.history");
  const parts = useTranslations("parts");
  const format = useFormatter();
  const [open, setOpen] = useState(false);
  const line = (
    <>
      <span className={css.who}>
        {bid.mine ? (bid.alias ? t("youAs", { alias: bid.alias }) : t("you")) : bid.alias}
        {bid.status === "refused" && <Badge>{t("refused")}</Badge>}
        {bid.status === "void" && <Badge tone="outbid">{t("void")}</Badge>}
        {bid.kind === "buy_now" && <Badge>{t("boughtNow")}</Badge>}
      </span>
      <span className={css.amount}>
        {bid.amount === null ? t("sealed") : <Money amount={bid.amount} currency={currency} />}
      </span>
      <time className={css.when} dateTime={new Date(bid.placed_at).toISOString()}>
        {format.dateTime(new Date(bid.placed_at), { dateStyle: "medium", timeStyle: "medium" })}
      </time>
    </>
  );
  if (!bid.mine) {
    return (
      <div className={css.bid} data-void={bid.status !== "accepted"}>
        {line}
      </div>
    );
  }
  return (
    <details className={css.own} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={css.bid} data-void={bid.status !== "accepted"}>
        {line}
        <span className={css.why}>
          {t("why")}
          <Icon name="down" size={16} />
        </span>
      </summary>
      {open && (
        <Suspense fallback={<p className={css.reason}>{parts("loading")}</p>}>
          <Reason bid={bid.documentId} seq={seq} currency={currency} />
        </Suspense>
      )}
    </details>
  );
}
