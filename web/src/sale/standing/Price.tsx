import { useLayoutEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Standing } from "../../api/types";
import { serverNow } from "../../live/clock";
import { onTick } from "../../live/ticker";
import { Money } from "../../parts/Money";
import { useMoney } from "../../words/Words";
import { clockPrice, priceOf } from "./lot";

interface PriceProps {
  row: Auction;
  standing: Standing;
  className?: string;
  labelClass?: string;
}

export function Price({ row, standing, className, labelClass }: PriceProps) {
  const t = useTranslations("auctions.price");
  const [label, amount] = priceOf(row, standing, serverNow());
  const falls = standing.clock !== null && standing.status === "live";
  return (
    <>
      <span className={labelClass}>{t(label)}</span>
      <strong className={className}>
        {falls && <FallingPrice standing={standing} />}
        {!falls && (amount === null ? "–" : <Money amount={amount} currency={standing.currency} />)}
      </strong>
    </>
  );
}

// By the clock's steps, without React.
export function FallingPrice({ standing }: { standing: Standing }) {
  const ref = useRef<HTMLDataElement>(null);
  const money = useMoney();
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const show = () => {
      const amount = clockPrice(standing, serverNow());
      if (element.value === String(amount)) return;
      element.value = String(amount);
      element.textContent = money(amount, standing.currency);
    };
    element.value = "";
    show();
    return onTick(show);
  }, [standing, money]);
  return <data ref={ref} value="" data-number />;
}
