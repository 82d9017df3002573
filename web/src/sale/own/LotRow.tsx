import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import type { Auction } from "../../api/types";
import { Countdown } from "../../parts/Countdown";
import { Ended } from "../auctions/Ended";
import { BidCount } from "../standing/BidCount";
import { isOver } from "../standing/lot";
import { Picture } from "../standing/Picture";
import { Price } from "../standing/Price";
import { useLotStanding } from "../standing/use";
import css from "./LotRow.module.css";

interface LotRowProps {
  row: Auction;
  href: string;
  badges: ReactNode;
  more?: ReactNode; // under the price
  below?: ReactNode; // all of it
  actions?: ReactNode;
  heading?: "h2" | "h3"; // below what it stands
}

// A lot in a list of one's own, with what it costs now.
export function LotRow({ row, href, badges, more, below, actions, heading: Title = "h2" }: LotRowProps) {
  const t = useTranslations("auctions");
  const own = useTranslations("own");
  const standing = useLotStanding(row);
  return (
    <article className={css.row} data-id={row.documentId} data-status={standing.status}>
      <div className={css.picture}>
        <Picture row={row} photo={row.car?.photos?.[0]} sizes="10rem" />
      </div>
      <div className={css.what}>
        <Title className={css.title}>
          <Link href={href} className={css.link}>
            {row.title}
          </Link>
        </Title>
        <p className={css.badges}>{badges}</p>
        <p className={css.time}>
          {standing.status === "live" && (
            <>
              {own("endsIn")} <Countdown to={standing.ends_at} />
            </>
          )}
          {standing.status === "scheduled" && (
            <>
              {t("opensIn")} <Countdown to={standing.starts_at} over={t("opening")} />
            </>
          )}
          {isOver(standing) && <Ended at={standing.closed_at ?? standing.ends_at} />}
          {" · "}
          <BidCount row={row} standing={standing} />
        </p>
      </div>
      <div className={css.foot}>
        <div className={css.price}>
          <p>
            <Price row={row} standing={standing} className={css.amount} labelClass={css.label} />
          </p>
          {more}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {below}
    </article>
  );
}
