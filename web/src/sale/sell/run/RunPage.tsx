import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction } from "../../../api/types";
import { useWatch } from "../../../live/use";
import { Button, ButtonLink } from "../../../parts/Button";
import { Countdown } from "../../../parts/Countdown";
import { Note } from "../../../parts/Note";
import { Panel } from "../../../parts/Panel";
import { Ended } from "../../auctions/Ended";
import { Heading } from "../../shell/Heading";
import { BidCount } from "../../standing/BidCount";
import { isOver } from "../../standing/lot";
import { Picture } from "../../standing/Picture";
import { Price } from "../../standing/Price";
import { useLotStanding } from "../../standing/use";
import { Back } from "../Back";
import sell from "../Sell.module.css";
import { SellerBadges } from "../SellRows";
import { Summary } from "../terms/Summary";
import { termsOfRow, useSummary } from "../terms/sentences";
import { Amend } from "./Amend";
import { Cancel } from "./Cancel";
import { Decide } from "./Decide";
import { History } from "./History";
import { Outcome } from "./Outcome";
import css from "./RunPage.module.css";
import { useKeepUp } from "./useKeepUp";

// A listed auction, as its seller watches and runs it.
export function RunPage({ row }: { row: Auction }) {
  const t = useTranslations("run");
  const auctions = useTranslations("auctions");
  const standing = useLotStanding(row);
  const summary = useSummary();
  const [amending, setAmending] = useState(false);
  useWatch([row.documentId]);
  useKeepUp(row, standing);
  const { status } = standing;
  // The seller's until somebody has bid.
  const open = (status === "scheduled" || status === "live") && standing.bids === 0;

  if (amending && status === "scheduled") return <Amend row={row} onDone={() => setAmending(false)} />;
  return (
    <>
      <Back />
      <Heading title={row.title} className={sell.heading} />
      <div className={sell.sides}>
        <div className={sell.main}>
          <section className={css.now} aria-label={t("now")} data-status={status}>
            <div className={css.picture}>
              <Picture row={row} photo={row.car?.photos?.[0]} sizes="(max-width: 40rem) 100vw, 18rem" />
            </div>
            <div className={css.standing}>
              <p className={css.badges}>
                <SellerBadges row={row} standing={standing} />
              </p>
              <p className={css.price}>
                <Price row={row} standing={standing} className={css.amount} labelClass={css.label} />
              </p>
              <p className={css.facts}>
                <BidCount row={row} standing={standing} />
                {standing.leader && !isOver(standing) && ` · ${t("leads", { leader: standing.leader })}`}
              </p>
              <p className={css.time}>
                {status === "live" && (
                  <>
                    {t("endsIn")} <Countdown to={standing.ends_at} />
                  </>
                )}
                {status === "scheduled" && (
                  <>
                    {auctions("opensIn")} <Countdown to={standing.starts_at} over={auctions("opening")} />
                  </>
                )}
                {isOver(standing) && <Ended at={standing.closed_at ?? standing.ends_at} />}
              </p>
              <p>
                <ButtonLink href={`/auctions/${row.documentId}`} size="s">
                  {t("asBidders")}
                </ButtonLink>
              </p>
            </div>
          </section>
          {(status === "pending_approval" || status === "countered") && <Decide row={row} standing={standing} />}
          <Outcome row={row} standing={standing} />
          <History auction={row.documentId} standing={standing} />
        </div>
        <div className={sell.aside}>
          <Panel title={t("terms")}>
            <Summary sentences={summary({ ...termsOfRow(row), ends_at: standing.ends_at })} />
          </Panel>
          {status === "scheduled" && (
            <Button wide onClick={() => setAmending(true)}>
              {t("amend")}
            </Button>
          )}
          {open && <Cancel row={row} />}
          {(status === "scheduled" || status === "live") && !open && <Note>{t("fixed")}</Note>}
          {status === "live" && <p className={css.extend}>{t("extend")}</p>}
        </div>
      </div>
    </>
  );
}
