import { memo } from "react";
import { useTranslations } from "use-intl";
import { usePosition } from "../../live/use";
import { Badge } from "../../parts/Badge";
import { ButtonLink } from "../../parts/Button";
import { Money } from "../../parts/Money";
import { LotRow } from "../own/LotRow";
import css from "../own/LotRow.module.css";
import { OwnBadge, TermBadges } from "../standing/Badges";
import { useLotStanding } from "../standing/use";
import { type OwnLot, type OwnState, ownMaximum } from "./lots";
import { OwnBids } from "./OwnBids";

// A lot that I bid on: what I would pay at most, and whether that is enough.
export const OwnLotRow = memo(function OwnLotRow({ row, state }: { row: OwnLot; state: OwnState }) {
  const t = useTranslations("mine");
  const standing = useLotStanding(row);
  const position = usePosition(row.documentId);
  const maximum = ownMaximum(row);
  const href = `/auctions/${row.documentId}`;
  const shown = position ?? { auction: row.documentId, seq: 0, your_maximum: null, your_minimum: null };
  return (
    <LotRow
      row={row}
      href={href}
      badges={
        <>
          {state === "none" ? <Badge>{t("noBid")}</Badge> : <OwnBadge position={{ ...shown, state }} />}
          <TermBadges row={row} standing={standing} />
        </>
      }
      more={
        maximum !== null && (
          <p className={css.more}>
            {t(row.format === "english" && row.proxy !== false ? "maximum" : "bid")}{" "}
            <Money amount={maximum} currency={standing.currency} />
          </p>
        )
      }
      below={<OwnBids row={row} />}
      actions={
        standing.status === "live" &&
        state === "outbid" && (
          <ButtonLink href={href} look="primary" size="s">
            {t("again")}
          </ButtonLink>
        )
      }
    />
  );
});
