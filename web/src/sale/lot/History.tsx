import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction, Bid, Page, Standing } from "../../api/types";
import { useSession } from "../../live/use";
import { Badge } from "../../parts/Badge";
import { Button } from "../../parts/Button";
import { Money } from "../../parts/Money";
import css from "./History.module.css";

const AT_ONCE = 20;
const PAUSE_MS = 1_500;

// The newest `seq`, but not oftener than the history can be read again.
function useCalm(seq: number): number {
  const [calm, setCalm] = useState(seq);
  useEffect(() => {
    const soon = setTimeout(() => setCalm(seq), PAUSE_MS);
    return () => clearTimeout(soon);
  }, [seq]);
  return calm;
}

// Every bid, newest first, by aliases.
export function History({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auction.history");
  const format = useFormatter();
  const { user } = useSession();
  const [page, setPage] = useState(1);
  const seq = useCalm(standing.seq);
  const { data } = useQuery({
    queryKey: ["bids", row.documentId, user?.documentId, page, seq],
    queryFn: ({ signal }) => {
      const query = { filters: { auction: row.documentId }, sort: "seq:desc", pagination: { page, pageSize: AT_ONCE } };
      return get<Page<Bid>>(`/api/bids?${toQuery(query)}`, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const pages = data?.meta.pagination.pageCount ?? 0;
  return (
    <section>
      <h2>{t("title")}</h2>
      {data?.data.length === 0 && <p className={css.none}>{t("none")}</p>}
      <ol className={css.list}>
        {data?.data.map((bid) => (
          <li key={bid.documentId} className={css.bid} data-void={bid.status !== "accepted"}>
            <span className={css.who}>{bid.alias ?? t("you")}</span>
            <span className={css.amount}>
              {bid.amount === null ? t("sealed") : <Money amount={bid.amount} currency={standing.currency} />}
            </span>
            <time className={css.when} dateTime={new Date(bid.placed_at).toISOString()}>
              {format.dateTime(new Date(bid.placed_at), { dateStyle: "medium", timeStyle: "medium" })}
            </time>
            <span className={css.mark}>
              {bid.status === "refused" && <Badge>{t("refused")}</Badge>}
              {bid.status === "void" && <Badge tone="outbid">{t("void")}</Badge>}
              {bid.kind === "buy_now" && <Badge>{t("boughtNow")}</Badge>}
            </span>
          </li>
        ))}
      </ol>
      {pages > 1 && (
        <nav className={css.pages} aria-label={t("pages")}>
          <Button size="s" disabled={page <= 1} onClick={() => setPage(page - 1)}>
            {t("newer")}
          </Button>
          <span>{t("page", { page, pages })}</span>
          <Button size="s" disabled={page >= pages} onClick={() => setPage(page + 1)}>
            {t("older")}
          </Button>
        </nav>
      )}
    </section>
  );
}
