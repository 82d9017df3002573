import { type ReactNode, useMemo, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Status, User } from "../../api/types";
import { onAuction, standingOf } from "../../live/feed";
import { useWatch } from "../../live/use";
import { Button, ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Failed } from "../own/Failed";
import rows from "../own/LotRow.module.css";
import { Heading } from "../shell/Heading";
import { Loading } from "../shell/Loading";
import { type CarRow, useOwnAuctions, useOwnCars } from "./data";
import css from "./Sell.module.css";
import { CarLine, DraftLine, SellerLot } from "./SellRows";

const SECTIONS: { name: "decide" | "running" | "drafts" | "over"; statuses: Status[] }[] = [
  { name: "decide", statuses: ["pending_approval", "countered"] },
  { name: "running", statuses: ["live", "scheduled"] },
  { name: "drafts", statuses: ["draft"] },
  { name: "over", statuses: ["sold", "unsold", "cancelled"] },
];
// A car whose auctions all ended like this may be sold again.
const FREE: Status[] = ["unsold", "cancelled"];

// By the feed: a lot moves to another section when it closes.
function useStatuses(auctions: Auction[]): Status[] {
  const now = useSyncExternalStore(
    (listener) => onAuction("", listener),
    () => auctions.map((row) => standingOf(row.documentId)?.status ?? row.status).join(),
  );
  return useMemo(() => now.split(",") as Status[], [now]);
}

export function SellHome({ user }: { user: User }) {
  const t = useTranslations("sell");
  const auctions = useOwnAuctions(user.documentId);
  const cars = useOwnCars(user.documentId);
  const statuses = useStatuses(auctions.rows);
  useWatch(auctions.rows.filter((row) => row.status !== "draft").map((row) => row.documentId));
  const free = cars.rows.filter((car) => car.auctions?.every((each) => FREE.includes(each.status)) ?? true);
  const ready = !auctions.isPending && !cars.isPending;
  return (
    <>
      <div className={css.top}>
        <Heading title={t("title")} />
        <div className={css.actions}>
          <ButtonLink href="/sell/auctions/new">{t("newAuction")}</ButtonLink>
          <ButtonLink href="/sell/cars/new" look="primary">
            {t("newCar")}
          </ButtonLink>
        </div>
      </div>
      {!ready && !auctions.isError && <Loading />}
      {auctions.isError && <Failed again={auctions.refetch} />}
      {cars.isError && <Failed again={cars.refetch} />}
      {ready && !auctions.rows.length && !cars.rows.length && (
        <Empty title={t("none.title")} text={t("none.text")}>
          <ButtonLink href="/sell/cars/new" look="primary">
            {t("newCar")}
          </ButtonLink>
        </Empty>
      )}
      <div className={css.sections}>
        {SECTIONS.slice(0, 3).map((section) => (
          <Lots key={section.name} {...section} auctions={auctions.rows} now={statuses} />
        ))}
        <Cars cars={free} />
        {SECTIONS.slice(3).map((section) => (
          <Lots key={section.name} {...section} auctions={auctions.rows} now={statuses} />
        ))}
        {[auctions, cars].map(
          (each) =>
            each.hasNextPage && (
              <p key={each === cars ? "cars" : "auctions"} className={css.more}>
                <Button onClick={() => each.fetchNextPage()} busy={each.isFetchingNextPage}>
                  {t(each === cars ? "moreCars" : "moreAuctions")}
                </Button>
              </p>
            ),
        )}
      </div>
    </>
  );
}

interface LotsProps {
  name: (typeof SECTIONS)[number]["name"];
  statuses: Status[];
  auctions: Auction[];
  now: Status[];
}

function Lots({ name, statuses, auctions, now }: LotsProps) {
  const t = useTranslations("sell.sections");
  const those = auctions.filter((row, at) => statuses.includes(now[at] ?? row.status));
  // What ends next comes first; of what is over, what ended last.
  if (name === "running") those.reverse();
  return (
    <Section title={t(name)} count={those.length}>
      {those.map((row) => (
        <li key={row.documentId}>{name === "drafts" ? <DraftLine row={row} /> : <SellerLot row={row} />}</li>
      ))}
    </Section>
  );
}

function Cars({ cars }: { cars: CarRow[] }) {
  const t = useTranslations("sell.sections");
  return (
    <Section title={t("cars")} count={cars.length}>
      {cars.map((car) => (
        <li key={car.documentId}>
          <CarLine car={car} />
        </li>
      ))}
    </Section>
  );
}

function Section({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (!count) return null;
  return (
    <section className={css.section}>
      <h2>
        {title} <span>{count}</span>
      </h2>
      <ul className={rows.list}>{children}</ul>
    </section>
  );
}
