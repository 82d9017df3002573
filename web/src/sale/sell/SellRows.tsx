import { useFormatter, useTranslations } from "use-intl";
import { Link } from "wouter";
import type { Auction, Standing } from "../../api/types";
import { Badge, type BadgeTone } from "../../parts/Badge";
import { ButtonLink } from "../../parts/Button";
import { Countdown } from "../../parts/Countdown";
import { LotRow } from "../own/LotRow";
import css from "../own/LotRow.module.css";
import { formatOf, reserveOf } from "../standing/lot";
import { Picture } from "../standing/Picture";
import { useLotStanding } from "../standing/use";
import type { CarRow } from "./data";
import { carName } from "./terms/TermsForm";

const TONES: Partial<Record<Standing["status"], BadgeTone>> = {
  live: "leading",
  sold: "leading",
  pending_approval: "ending",
  countered: "ending",
};

// As the seller sees it.
export function SellerBadges({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("sell.status");
  const auctions = useTranslations("auctions");
  const reserve = reserveOf(row, standing);
  return (
    <>
      <Badge tone={TONES[standing.status]}>{t(standing.status)}</Badge>
      {reserve && <Badge tone={reserve === "notMet" ? "ending" : "plain"}>{auctions(`reserve.${reserve}`)}</Badge>}
      <Badge>{auctions(`format.${formatOf(row)}`)}</Badge>
    </>
  );
}

export function SellerLot({ row }: { row: Auction }) {
  const t = useTranslations("sell");
  const standing = useLotStanding(row);
  const href = `/sell/auctions/${row.documentId}`;
  const again = standing.status === "unsold" || standing.status === "cancelled";
  return (
    <LotRow
      heading="h3"
      row={row}
      href={href}
      badges={<SellerBadges row={row} standing={standing} />}
      more={
        standing.approval_until && (
          <p className={css.more}>
            {t("decideWithin")} <Countdown to={standing.approval_until} />
          </p>
        )
      }
      actions={
        <>
          {standing.status === "pending_approval" && (
            <ButtonLink href={href} look="primary" size="s">
              {t("decide")}
            </ButtonLink>
          )}
          {again && row.car && (
            <ButtonLink href={`/sell/auctions/new?car=${row.car.documentId}`} size="s">
              {t("again")}
            </ButtonLink>
          )}
        </>
      }
    />
  );
}

export function DraftLine({ row }: { row: Auction }) {
  const t = useTranslations("sell");
  const format = useFormatter();
  const href = `/sell/auctions/${row.documentId}`;
  return (
    <article className={css.row} data-id={row.documentId} data-status="draft">
      <div className={css.picture}>
        <Picture row={row} photo={row.car?.photos?.[0]} sizes="10rem" />
      </div>
      <div className={css.what}>
        <h3 className={css.title}>
          <Link href={href} className={css.link}>
            {row.title}
          </Link>
        </h3>
        <p className={css.badges}>
          <Badge>{t("status.draft")}</Badge>
        </p>
        <p className={css.time}>
          {t("changed", {
            when: format.dateTime(new Date(row.updatedAt), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </p>
      </div>
    </article>
  );
}

export function CarLine({ car }: { car: CarRow }) {
  const t = useTranslations("sell");
  const auctions = useTranslations("auctions");
  const title = carName(car);
  const count = car.photos?.length ?? 0;
  const facts = [car.mileage === null ? null : auctions("mileage", { count: car.mileage }), car.location];
  return (
    <article className={css.row} data-id={car.documentId}>
      <div className={css.picture}>
        <Picture row={{ title, car }} photo={car.photos?.[0]} sizes="10rem" />
      </div>
      <div className={css.what}>
        <h3 className={css.title}>
          <Link href={`/sell/cars/${car.documentId}`} className={css.link}>
            {title}
          </Link>
        </h3>
        <p className={css.time}>{[...facts, t("photos", { count })].filter(Boolean).join(" · ")}</p>
      </div>
      <div className={css.actions}>
        <ButtonLink href={`/sell/auctions/new?car=${car.documentId}`} size="s">
          {t("putUp")}
        </ButtonLink>
      </div>
    </article>
  );
}
