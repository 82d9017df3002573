import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { serverNow } from "../../live/clock";
import { useSession } from "../../live/use";
import { Button } from "../../parts/Button";
import { useMoney } from "../../words/Words";
import { clockPrice } from "../standing/lot";
import { FallingPrice } from "../standing/Price";
import { AmountForm } from "./AmountForm";
import { Answer } from "./Answer";
import css from "./BidPanel.module.css";
import { ConfirmBid } from "./ConfirmBid";
import { waysToBid } from "./may";
import { NextBids } from "./NextBids";
import { useBidding } from "./useBidding";
import { useKeptFocus } from "./useKeptFocus";

interface BidPanelProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
}

// All that one may do to get a lot.
export function BidPanel({ row, standing, position }: BidPanelProps) {
  const t = useTranslations("bidding");
  const auction = useTranslations("auction");
  const box = useKeptFocus<HTMLDivElement>();
  const money = useMoney();
  const { user } = useSession();
  const bidding = useBidding(standing);
  const { step } = bidding;
  const ways = waysToBid(row, standing, position, user);
  const sent = step.at === "sending" ? step.bid.amount : null;
  const busy = sent !== null;
  const falls = row.format === "dutch";
  const take = () =>
    falls
      ? bidding.ask(clockPrice(standing, serverNow()))
      : standing.buy_now_price && bidding.ask(standing.buy_now_price, "buy_now");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has looks of its own, and is for a form
    <div className={css.panel} id="bid" role="group" aria-label={auction("bidding")} {...box}>
      <Answer step={step} currency={standing.currency} again={bidding.again} dismiss={bidding.dismiss} />
      {ways?.why && <p className={css.why}>{t(`whyNot.${ways.why}`)}</p>}
      {ways?.bid && (
        <>
          <NextBids row={row} standing={standing} position={position} sent={sent} ask={bidding.ask} />
          <AmountForm row={row} standing={standing} position={position} busy={busy} ask={bidding.ask} />
        </>
      )}
      {ways?.take && (
        <Button look={falls ? "primary" : "quiet"} size="l" wide busy={busy} onClick={take}>
          {falls ? (
            <>
              {t("takeAt")} <FallingPrice standing={standing} />
            </>
          ) : (
            t("buyNowFor", { amount: money(standing.buy_now_price ?? 0, standing.currency) })
          )}
        </Button>
      )}
      {ways && !ways.why && !user && <p className={css.note}>{t("signInNote")}</p>}
      <ConfirmBid row={row} standing={standing} position={position} bidding={bidding} home={box.ref} />
    </div>
  );
}
