import { useTranslations } from "use-intl";
import { Refused } from "../../api/http";
import type { Auction } from "../../api/types";
import { usePosition, useWatch } from "../../live/use";
import { Button, ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { BidPanel } from "../bidding/BidPanel";
import { NotifyButton } from "../notices/NotifyButton";
import { Heading } from "../shell/Heading";
import { Loading } from "../shell/Loading";
import { TermBadges } from "../standing/Badges";
import { useFactsLine } from "../standing/facts";
import { useLotStanding } from "../standing/use";
import { WatchButton } from "../watching/WatchButton";
import css from "./AuctionPage.module.css";
import { CarFacts } from "./CarFacts";
import { Gallery } from "./Gallery";
import { History } from "./History";
import { Offer } from "./Offer";
import { Saying } from "./Saying";
import { StickyBar } from "./StickyBar";
import { Summary } from "./Summary";
import { Terms } from "./Terms";
import { useAuction } from "./useAuction";

export default function AuctionPage({ id }: { id: string }) {
  const t = useTranslations("auction");
  useWatch([id]);
  const { data: row, error, refetch } = useAuction(id);
  if (row) return <Lot row={row} />;
  if (!error) return <Loading />;
  const missing = error instanceof Refused && error.status === 404;
  return (
    <Empty
      whole
      title={t(missing ? "missing.title" : "failed.title")}
      text={t(missing ? "missing.text" : "failed.text")}
    >
      {!missing && (
        <Button look="primary" onClick={() => refetch()}>
          {t("failed.again")}
        </Button>
      )}
      <ButtonLink href="/">{t("missing.back")}</ButtonLink>
    </Empty>
  );
}

function Lot({ row }: { row: Auction }) {
  const t = useTranslations("auction");
  const standing = useLotStanding(row);
  const position = usePosition(row.documentId);
  const facts = useFactsLine();
  return (
    <div className={css.lot}>
      <header className={css.head}>
        <Heading title={row.title} />
        <p className={css.about}>{facts(row)}</p>
        <p className={css.badges}>
          <TermBadges row={row} standing={standing} />
        </p>
      </header>
      <div className={css.gallery}>
        <Gallery row={row} />
      </div>
      <section className={css.side} aria-label={t("bidding")}>
        <div className={css.card}>
          <Summary row={row} standing={standing} position={position} />
          <Offer row={row} standing={standing} />
          <BidPanel row={row} standing={standing} position={position} />
        </div>
        <div className={css.actions}>
          <WatchButton auction={row.documentId} title={row.title} />
          <NotifyButton />
        </div>
        {["sold", "unsold", "cancelled"].includes(standing.status) && (
          <div className={css.actions}>
            <ButtonLink href={`/audit?auction=${row.documentId}`}>{t("check")}</ButtonLink>
          </div>
        )}
      </section>
      <div className={css.rest}>
        {row.car?.description && (
          <section>
            <h2>{t("description")}</h2>
            <p className={css.description}>{row.car.description}</p>
          </section>
        )}
        {row.car && <CarFacts car={row.car} />}
        <Terms row={row} standing={standing} />
        <History row={row} standing={standing} />
      </div>
      <StickyBar row={row} standing={standing} />
      <Saying row={row} standing={standing} position={position} />
    </div>
  );
}
