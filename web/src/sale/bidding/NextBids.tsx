import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { Button } from "../../parts/Button";
import { useMoney } from "../../words/Words";
import { isSealed, leastBid } from "../standing/lot";
import css from "./BidPanel.module.css";
import { nextBids } from "./increments";
import { useSettled } from "./useSettled";

interface NextBidsProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
  sent: number | null; // what is on its way
  ask: (amount: number) => void;
}

// The next bid, and a few above it. None where one leads already, or where bids are sealed.
export function NextBids({ row, standing, position, sent, ask }: NextBidsProps) {
  const t = useTranslations("bidding");
  const money = useMoney();
  const { currency } = standing;
  const least = leastBid(standing, position);
  const settled = useSettled(least);
  const [moved, setMoved] = useState<number | null>(null);
  if (isSealed(row) || position?.state === "leading") return null;
  const [next = least, ...more] = nextBids(row.increments, currency, least);
  const press = (amount: number) => {
    setMoved(settled() ? null : least);
    if (settled()) ask(amount);
  };
  return (
    <div>
      <Button
        look="primary"
        size="l"
        wide
        busy={sent === next}
        aria-disabled={sent !== null}
        onClick={() => press(next)}
      >
        {t("bid", { amount: money(next, currency) })}
      </Button>
      <div className={css.more}>
        {more.map((amount, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a button keeps its place, and the focus, when its amount changes
          <Button key={at} size="m" busy={sent === amount} aria-disabled={sent !== null} onClick={() => press(amount)}>
            {money(amount, currency)}
          </Button>
        ))}
      </div>
      <p role="status" className={css.fault} hidden={moved === null}>
        {moved !== null && t("moved", { amount: money(moved, currency) })}
      </p>
    </div>
  );
}
