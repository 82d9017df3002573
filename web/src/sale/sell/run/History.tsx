import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { get } from "../../../api/http";
import { toQuery } from "../../../api/query";
import type { Bid, Page, Standing } from "../../../api/types";
import { Button } from "../../../parts/Button";
import { Money } from "../../../parts/Money";
import { Panel } from "../../../parts/Panel";
import css from "./RunPage.module.css";

const AT_ONCE = 50;
const PROJECTED_MS = 800; // rows follow the feed a moment later

// Every bid, the latest first.
export function History({ auction, standing }: { auction: string; standing: Standing }) {
  const t = useTranslations("run.history");
  const format = useFormatter();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ["own", "bids", auction],
    queryFn: ({ pageParam, signal }) => {
      const pagination = { page: pageParam, pageSize: AT_ONCE };
      const asked = { filters: { auction }, sort: "seq:desc", pagination };
      return get<Page<Bid>>(`/api/bids?${toQuery(asked)}`, signal);
    },
    initialPageParam: 1,
    getNextPageParam: ({ meta: { pagination } }) =>
      pagination.page < pagination.pageCount ? pagination.page + 1 : undefined,
  });
  const { seq } = standing;
  useEffect(() => {
    if (!seq) return;
    const read = setTimeout(() => client.invalidateQueries({ queryKey: ["own", "bids", auction] }), PROJECTED_MS);
    return () => clearTimeout(read);
  }, [client, auction, seq]);
  // A page that grew at its head shows a bid twice.
  const bids = new Map(query.data?.pages.flatMap((page) => page.data.map((bid) => [bid.documentId, bid])));
  return (
    <Panel title={t("title")}>
      {bids.size === 0 && <p className={css.soft}>{t("none")}</p>}
      {bids.size > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t("who")}</th>
              <th scope="col" className={css.figure}>
                {t("amount")}
              </th>
              <th scope="col">{t("when")}</th>
            </tr>
          </thead>
          <tbody>
            {[...bids.values()].map((bid) => (
              <tr key={bid.documentId} className={bid.status === "void" ? css.void : undefined}>
                <td>
                  {bid.alias}
                  {bid.kind === "buy_now" && <span className={css.soft}> · {t("bought")}</span>}
                  {bid.status === "void" && <span className={css.soft}> · {t("void")}</span>}
                </td>
                <td className={css.figure}>
                  {bid.amount === null ? t("sealed") : <Money amount={bid.amount} currency={standing.currency} />}
                </td>
                <td>
                  <time dateTime={new Date(bid.placed_at).toISOString()}>
                    {format.dateTime(new Date(bid.placed_at), {
                      day: "numeric",
                      month: "short",
                      hour: "2-digit",
                      minute: "2-digit",
                      second: "2-digit",
                    })}
                  </time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage && (
        <Button size="s" onClick={() => query.fetchNextPage()} busy={query.isFetchingNextPage}>
          {t("more")}
        </Button>
      )}
    </Panel>
  );
}
