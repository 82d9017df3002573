// Every lot that is open or waits for a decision: read once, then kept by the feed, and read again where that names another.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { get } from "../../api/http";
import type { Auction, Page } from "../../api/types";
import { OPEN, onAuction, standingOf, watchLive } from "../../live/feed";
import { FIELDS, type Lot, lotOf } from "./lot";

const MOST = 2_000;
const AT_ONCE = 100;
const AGAIN_MS = 30_000;
const SOONEST_MS = 1_500;

async function readLots(): Promise<Map<string, Lot>> {
  const found = new Map<string, Lot>();
  const wanted = OPEN.map((status, at) => `filters[status][$in][${at}]=${status}`).join("&");
  for (let page = 1; found.size < MOST; page += 1) {
    const query = `${wanted}&fields=${FIELDS}&sort=ends_at&pagination[page]=${page}&pagination[pageSize]=${AT_ONCE}`;
    const { data, meta } = await get<Page<Auction>>(`/api/auctions?${query}`);
    for (const row of data) found.set(row.documentId, lotOf(row));
    if (page >= meta.pagination.pageCount) break;
  }
  return found;
}

export function useLots() {
  const kept = useRef(new Map<string, Lot>());
  const statuses = useRef(new Map<string, string>());
  const { data, refetch, error } = useQuery({ queryKey: ["board"], queryFn: readLots, refetchInterval: AGAIN_MS });

  useEffect(() => {
    watchLive();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The feed names a lot that is not known, or one that became something else.
    const stop = onAuction("", (id) => {
      const status = standingOf(id)?.status ?? "";
      const known = statuses.current.get(id);
      if (known === status) return;
      statuses.current.set(id, status);
      timer ??= setTimeout(() => {
        timer = undefined;
        void refetch();
      }, SOONEST_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [refetch]);

  const lots = useMemo(() => {
    if (!data) return kept.current;
    // What was read is what is open. What ended just now lingers until the board drops it by its time.
    const recent = [...kept.current.values()].filter(({ id }) => !data.has(id) && standingOf(id)?.closed_at);
    const fresh = [...recent.slice(-AT_ONCE).map((lot) => [lot.id, lot] as const), ...data];
    for (const [id, lot] of data) statuses.current.set(id, lot.status);
    kept.current = new Map(fresh);
    return kept.current;
  }, [data]);

  return { lots, refetch, error };
}
