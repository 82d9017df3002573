import { type RefObject, useRef } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Money } from "../../parts/Money";
import { useMoney } from "../../words/Words";
import { formatOf, leastBid } from "../standing/lot";
import css from "./ConfirmBid.module.css";
import type { Bidding } from "./useBidding";

interface ConfirmBidProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
  bidding: Bidding;
  home: RefObject<HTMLElement | null>; // where the focus goes, where the button that asked is gone
}

// One look before what binds. Enter, pressed once too often, must not answer yes: the focus is on going back.
export function ConfirmBid({ row, standing, position, bidding, home }: ConfirmBidProps) {
  const t = useTranslations("bidding.confirm");
  const money = useMoney();
  const back = useRef<HTMLButtonElement>(null);
  const { step, ask, confirm, dismiss } = bidding;
  const open = step.at === "asking";
  const last = useRef(open ? step : null);
  if (open) last.current = step;
  const asking = last.current; // also while it goes away
  const bid = asking?.bid;
  const { currency } = standing;
  const format = formatOf(row);
  const buys = bid?.kind === "buy_now" || format === "dutch";
  const least = leastBid(standing, position);
  const tooLow = open && bid !== undefined && !buys && bid.amount < least;
  return (
    <Dialog
      open={open}
      onClose={dismiss}
      focus={back}
      home={home}
      title={t(asking?.jump ? "jumpTitle" : buys ? "buyTitle" : "title")}
      footer={
        <>
          <Button ref={back} size="l" onClick={dismiss}>
            {t("back")}
          </Button>
          {tooLow ? (
            <Button look="primary" size="l" onClick={() => ask(least)}>
              {t("change", { amount: money(least, currency) })}
            </Button>
          ) : (
            <Button look="primary" size="l" onClick={confirm}>
              {bid && t(buys ? "buy" : "bid", { amount: money(bid.amount, currency) })}
            </Button>
          )}
        </>
      }
    >
      {bid && (
        <div className={css.asked}>
          <p className={css.title}>{row.title}</p>
          <Money amount={bid.amount} currency={currency} className={css.amount} />
          <p>{t(bid.kind === "buy_now" ? "means.buy_now" : `means.${format}`)}</p>
          {asking?.jump && (
            <p className={css.warning}>{t("jump", { least: money(standing.minimum_next ?? least, currency) })}</p>
          )}
          {tooLow && (
            <p className={css.warning} role="alert">
              {t("tooLow", { amount: money(least, currency) })}
            </p>
          )}
          <p className={css.binding}>{t("binding")}</p>
        </div>
      )}
    </Dialog>
  );
}
