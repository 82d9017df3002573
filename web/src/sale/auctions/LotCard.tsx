import { memo } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import type { Auction } from "../../api/types";
import { usePosition } from "../../live/use";
import { Countdown } from "../../parts/Countdown";
import { OwnBadge, TermBadges } from "../standing/Badges";
import { BidCount } from "../standing/BidCount";
import { useFactsLine } from "../standing/facts";
import { isOver } from "../standing/lot";
import { Picture } from "../standing/Picture";
import { Price } from "../standing/Price";
import { useExtension, useLotStanding } from "../standing/use";
import { WatchButton } from "../watching/WatchButton";
import { Ended } from "./Ended";
import css from "./LotCard.module.css";

const SIZES = "(max-width: 40rem) 100vw, (max-width: 64rem) 50vw, 20rem";

// Renders again only when its own lot changes.
export const LotCard = memo(function LotCard({ row, eager }: { row: Auction; eager?: boolean }) {
  const t = useTranslations("auctions");
  const facts = useFactsLine();
  const standing = useLotStanding(row);
  const position = usePosition(row.documentId);
  const extended = useExtension(standing);
  const over = isOver(standing);
  return (
    <article className={css.card} data-id={row.documentId} data-status={standing.status} data-extended={!!extended}>
      <div className={css.picture}>
        <Picture row={row} photo={row.car?.photos?.[0]} sizes={SIZES} eager={eager} />
        <span className={css.own}>
          <OwnBadge position={position} />
        </span>
        <p className={css.time}>
          {standing.status === "live" && <Countdown to={standing.ends_at} />}
          {standing.status === "scheduled" && (
            <>
              {t("opensIn")} <Countdown to={standing.starts_at} over={t("opening")} />
            </>
          )}
          {over && <Ended at={standing.closed_at ?? standing.ends_at} />}
          {extended && <span className={css.moved}>· {extended}</span>}
        </p>
      </div>
      <div className={css.watch}>
        <WatchButton small auction={row.documentId} title={row.title} />
      </div>
      <div className={css.facts}>
        <h2 className={css.title}>
          <Link href={`/auctions/${row.documentId}`} className={css.link}>
            {row.title}
          </Link>
        </h2>
        <p className={css.about}>{facts(row)}</p>
        <p className={css.price}>
          <Price row={row} standing={standing} className={css.amount} labelClass={css.label} />
          <span className={css.bids}>
            <BidCount row={row} standing={standing} />
          </span>
        </p>
        <p className={css.badges}>
          <TermBadges row={row} standing={standing} />
        </p>
      </div>
    </article>
  );
});
