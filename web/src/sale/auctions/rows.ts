// The rows of a list, page by page as one scrolls, and kept up with the sale.

import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { get } from "../../api/http";
import type { Auction } from "../../api/types";
import { watchLive } from "../../live/feed";
import { useLink } from "../../live/use";
import { AT_ONCE, type Filters, listQuery } from "./filters";

const OVERLAP = 8; // rows that leave the list meanwhile shift what follows
const AGAIN_MS = { live: 10_000, upcoming: 20_000, finished: 20_000 };
const MOST_PAGES_AGAIN = 4;

interface Listed {
  data: Auction[];
  meta: { pagination: { start: number; limit: number; total: number } };
}

export const listOf = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["auctions", filters],
    queryFn: ({ pageParam, signal }) => get<Listed>(`/api/auctions?${listQuery(filters, pageParam, AT_ONCE)}`, signal),
    initialPageParam: 0,
    getNextPageParam: ({ data, meta: { pagination } }) => {
      const next = pagination.start + data.length;
      return data.length && next < pagination.total ? Math.max(pagination.start + 1, next - OVERLAP) : undefined;
    },
  });

export function useRows(filters: Filters) {
  const query = useInfiniteQuery({ ...listOf(filters), placeholderData: keepPreviousData });
  const { data } = query;
  const rows = useMemo(() => {
    const found = new Map<string, Auction>();
    for (const page of data?.pages ?? []) for (const row of page.data) found.set(row.documentId, row);
    return found;
  }, [data]);
  useKeepUp(filters, data?.pages.length ?? 0);
  return { ...query, rows, total: data?.pages[0]?.meta.pagination.total };
}

// Prices come by the feed; which lots there are is read again, unless one has scrolled through very many.
function useKeepUp({ tab }: Filters, pages: number): void {
  const client = useQueryClient();
  const link = useLink();
  useEffect(watchLive, []);
  const was = useRef(link);
  useEffect(() => {
    const back = link === "live" && was.current === "down";
    if (link !== "connecting") was.current = link;
    if (back) client.invalidateQueries({ queryKey: ["auctions"] });
  }, [link, client]);
  useEffect(() => {
    if (pages === 0 || pages > MOST_PAGES_AGAIN) return;
    const again = setInterval(() => {
      if (!document.hidden) client.invalidateQueries({ queryKey: ["auctions"] });
    }, AGAIN_MS[tab]);
    return () => clearInterval(again);
  }, [tab, pages, client]);
}
