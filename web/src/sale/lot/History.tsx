import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction, Bid, Page, Standing } from "../../api/types";
import { useSession } from "../../live/use";
import { Button } from "../../parts/Button";
import { BidLine } from "../why/BidLine";
import lines from "../why/BidLine.module.css";
import { useCalm } from "../why/data";
import css from "./History.module.css";

const AT_ONCE = 20;

// Every bid, newest first, by aliases.
export function History({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auction.history");
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
      <ol className={lines.list}>
        {data?.data.map((bid) => (
          <li key={bid.documentId}>
            <BidLine bid={bid} currency={standing.currency} seq={seq} />
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
