import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { Countdown } from "../../parts/Countdown";
import { BidCount } from "../standing/BidCount";
import { isOver } from "../standing/lot";
import { Price } from "../standing/Price";
import { useExtension } from "../standing/use";
import { StaleMark } from "./StaleMark";
import { StatusLine } from "./StatusLine";
import css from "./Summary.module.css";
import { When } from "./When";

interface SummaryProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
}

// Where the lot stands: the price, the time, and oneself.
export function Summary({ row, standing, position }: SummaryProps) {
  const t = useTranslations("auction");
  const extended = useExtension(standing);
  const { status } = standing;
  return (
    <div className={css.summary}>
      <StaleMark />
      <div className={css.row}>
        <p className={css.price}>
          <Price row={row} standing={standing} className={css.amount} labelClass={css.label} />
        </p>
        <p className={css.time}>
          <span className={css.label}>
            {t(status === "live" ? "endsIn" : status === "scheduled" ? "opensIn" : "ended")}
          </span>
          {status === "live" && <Countdown to={standing.ends_at} className={css.left} />}
          {status === "scheduled" && <Countdown to={standing.starts_at} className={css.left} />}
          {isOver(standing) && <When at={standing.closed_at ?? standing.ends_at} className={css.left} />}
        </p>
      </div>
      <p className={css.bids}>
        <span>
          <BidCount row={row} standing={standing} />
          {status === "live" && (
            <>
              {" · "}
              {t("until")} <When at={standing.ends_at} />
            </>
          )}
        </span>
        <span className={css.moved} role="status">
          {extended}
        </span>
      </p>
      <StatusLine row={row} standing={standing} position={position} />
    </div>
  );
}
