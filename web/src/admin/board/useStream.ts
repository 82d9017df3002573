// The latest bids over all lots. The feed tells that something happened; what it was, the catalogue knows a moment later.

import { useEffect, useRef, useState } from "react";
import { get } from "../../api/http";
import type { Bid, Page } from "../../api/types";
import { onAuction } from "../../live/feed";

const KEPT = 100;
const AFTER_MS = 400;
const QUIET_MS = 5_000;
const AUCTION = "populate[auction][fields]=title,currency,ends_at,closed_at";

export type StreamBid = Bid & { code?: string | null; bidder?: string };

export function useStream(): { bids: StreamBid[]; since: number } {
  const [bids, setBids] = useState<StreamBid[]>([]);
  const since = useRef(performance.now());

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let newest = 0;

    async function read() {
      timer = undefined;
      try {
        // A little before the newest: of several processes one may write later what came earlier.
        const from = newest ? `&filters[placed_at][$gte]=${newest - 3_000}` : "";
        const query = `sort=placed_at:desc&pagination[pageSize]=${KEPT}&pagination[withCount]=false&${AUCTION}${from}`;
        const { data } = await get<Page<StreamBid>>(`/api/bids?${query}`);
        if (stopped) return;
        newest = Math.max(newest, data[0]?.placed_at ?? 0);
        setBids((had) => merged(data, had));
      } catch {
        // The bar says that there is no connection; it is asked again all the same.
      }
      if (!stopped) later(QUIET_MS);
    }

    let dueAt = 0;
    function later(ms: number) {
      const at = performance.now() + ms;
      if (timer !== undefined && dueAt <= at) return;
      clearTimeout(timer);
      dueAt = at;
      timer = setTimeout(read, ms);
    }

    const stop = onAuction("", () => later(AFTER_MS));
    void read();
    return () => {
      stopped = true;
      clearTimeout(timer);
      stop();
    };
  }, []);

  return { bids, since: since.current };
}

function merged(fresh: StreamBid[], had: StreamBid[]): StreamBid[] {
  const all = new Map([...had, ...fresh].map((bid) => [bid.documentId, bid]));
  const found = [...all.values()]
    .sort((one, other) => other.placed_at - one.placed_at || other.seq - one.seq)
    .slice(0, KEPT);
  const same =
    found.length === had.length &&
    found.every((bid, at) => bid.documentId === had[at]?.documentId && bid.status === had[at]?.status);
  return same ? had : found;
}
