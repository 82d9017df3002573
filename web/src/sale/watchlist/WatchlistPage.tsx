import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction, Page, Watch } from "../../api/types";
import { usePosition, useWatch } from "../../live/use";
import { Button, ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { toast } from "../../parts/Toast";
import { withOwnWords } from "../../words/OwnWords";
import { Failed } from "../own/Failed";
import { LotRow } from "../own/LotRow";
import rows from "../own/LotRow.module.css";
import { Heading } from "../shell/Heading";
import { Loading } from "../shell/Loading";
import { OwnBadge, TermBadges } from "../standing/Badges";
import { isOver } from "../standing/lot";
import { useLotStanding } from "../standing/use";
import { useToggleWatch, useWatches } from "../watching/watchlist";
import css from "./WatchlistPage.module.css";

const AT_ONCE = 100;

function useWatched() {
  return useQuery({
    queryKey: ["watchlist", "rows"],
    queryFn: async ({ signal }) => {
      const found: Auction[] = [];
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const populate = { auction: { populate: { car: { populate: { photos: true } } } } };
        const query = toQuery({ populate, pagination: { page, pageSize: AT_ONCE } });
        const { data, meta } = await get<Page<Watch>>(`/api/watchlist?${query}`, signal);
        for (const { auction } of data) if (auction) found.push(auction);
        pages = meta.pagination.pageCount;
      }
      return inOrder(found);
    },
    placeholderData: keepPreviousData,
  });
}

// What ends soonest first; then what is over, the latest first.
function inOrder(found: Auction[]): Auction[] {
  const open = found.filter((row) => !isOver(row)).sort((a, b) => (a.ends_at ?? 0) - (b.ends_at ?? 0));
  const over = found.filter(isOver).sort((a, b) => (b.ends_at ?? 0) - (a.ends_at ?? 0));
  return [...open, ...over];
}

function WatchlistPage() {
  const t = useTranslations("watched");
  const { data, isPending, isError, refetch } = useWatched();
  const watches = useWatches();
  const shown = data?.filter((row) => watches?.has(row.documentId) ?? true) ?? [];
  useWatch(shown.map((row) => row.documentId));
  return (
    <>
      <Heading title={t("title")} className={css.heading} />
      {isPending && <Loading />}
      {isError && <Failed again={refetch} />}
      {data && !shown.length && (
        <Empty title={t("none.title")} text={t("none.text")}>
          <ButtonLink href="/" look="primary">
            {t("none.go")}
          </ButtonLink>
        </Empty>
      )}
      <ul className={rows.list}>
        {shown.map((row) => (
          <li key={row.documentId}>
            <WatchedRow row={row} watch={watches?.get(row.documentId)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function WatchedRow({ row, watch }: { row: Auction; watch: string | undefined }) {
  const t = useTranslations("watched");
  const standing = useLotStanding(row);
  const position = usePosition(row.documentId);
  const { mutate } = useToggleWatch();
  const remove = () => {
    if (watch) mutate({ auction: row.documentId, watch });
    toast({ id: "watched", title: t("removed", { title: row.title }) });
  };
  return (
    <LotRow
      row={row}
      href={`/auctions/${row.documentId}`}
      badges={
        <>
          <OwnBadge position={position} />
          <TermBadges row={row} standing={standing} />
        </>
      }
      actions={
        <Button size="s" onClick={remove} aria-label={t("removeLabel", { title: row.title })}>
          {t("remove")}
        </Button>
      }
    />
  );
}

export default withOwnWords(WatchlistPage);
