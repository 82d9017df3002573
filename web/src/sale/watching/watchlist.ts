// What the signed-in person watches: read once, kept by auction.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask, get, Refused } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Page, Watch } from "../../api/types";
import { useSession } from "../../live/use";

const KEY = ["watchlist"];
const PAGE = 100;
const PAGES = 10; // a watchlist has at most a thousand auctions

export type Watches = ReadonlyMap<string, string>; // auction -> the watch's own id

async function readAll(signal: AbortSignal): Promise<Watches> {
  const found = new Map<string, string>();
  for (let page = 1; page <= PAGES; page += 1) {
    const populate = { auction: { fields: ["title"] } };
    const query = toQuery({ populate, pagination: { page, pageSize: PAGE } });
    const { data, meta } = await get<Page<Watch>>(`/api/watchlist?${query}`, signal);
    for (const each of data) if (each.auction) found.set(each.auction.documentId, each.documentId);
    if (page >= meta.pagination.pageCount) break;
  }
  return found;
}

export function useWatches(): Watches | undefined {
  const { user } = useSession();
  const { data } = useQuery({
    queryKey: [...KEY, user?.documentId],
    queryFn: ({ signal }) => readAll(signal),
    enabled: !!user,
    staleTime: 60_000,
  });
  return user ? data : undefined;
}

// Shown at once, taken back where the server says no.
export function useToggleWatch() {
  const client = useQueryClient();
  const { user } = useSession();
  const key = [...KEY, user?.documentId];
  return useMutation({
    mutationFn: async ({ auction, watch }: { auction: string; watch: string | undefined }) => {
      if (watch === undefined) {
        const { body } = await ask<{ data: Watch }>("/api/watchlist", { method: "POST", json: { data: { auction } } });
        return body.data.documentId;
      }
      await ask(`/api/watchlist/${watch}`, { method: "DELETE" }).catch((error) => {
        if (!(error instanceof Refused && error.status === 404)) throw error;
      });
      return undefined;
    },
    onMutate: ({ auction, watch }) => {
      const before = client.getQueryData<Watches>(key);
      const next = new Map(before);
      if (watch === undefined) next.set(auction, "");
      else next.delete(auction);
      client.setQueryData(key, next);
      return { before };
    },
    onError: (_error, _asked, kept) => client.setQueryData(key, kept?.before),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
