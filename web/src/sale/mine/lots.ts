// The lots that I bid on, and how each stands for me.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { get } from "../../api/http";
import { toQuery, type Value } from "../../api/query";
import type { Auction, Bid, Page, Position, Status } from "../../api/types";
import { onAuction, positionOf, standingOf } from "../../live/feed";
import { OVER } from "../standing/lot";

export interface OwnLot extends Auction {
  bids?: Bid[]; // my accepted ones, the last first
}

export type OwnState = Position["state"] | "none";
export type Tab = "leading" | "outbid" | "won" | "all";

const AT_ONCE = 50;
const UNDECIDED: Status[] = ["pending_approval", "countered"];

function address(filters: { [key: string]: Value }, page: number): string {
  const query = toQuery({
    filters: { bids: { mine: true }, ...filters },
    populate: {
      car: { populate: { photos: true } },
      bids: { filters: { mine: true, status: "accepted" }, sort: "seq:desc" },
    },
    sort: "ends_at:desc",
    pagination: { page, pageSize: AT_ONCE },
  });
  return `/api/auctions?${query}`;
}

export function useOwnLots() {
  const query = useInfiniteQuery({
    queryKey: ["own", "mine"],
    queryFn: ({ pageParam, signal }) => get<Page<OwnLot>>(address({}, pageParam), signal),
    initialPageParam: 1,
    getNextPageParam: ({ meta: { pagination } }) =>
      pagination.page < pagination.pageCount ? pagination.page + 1 : undefined,
  });
  // However long ago they ended: somebody waits for an answer.
  const undecided = useQuery({
    queryKey: ["own", "undecided"],
    queryFn: ({ signal }) => get<Page<OwnLot>>(address({ status: { $in: UNDECIDED } }, 1), signal),
  });
  const { data } = query;
  const lots = useMemo(() => {
    const pages = [...(undecided.data ? [undecided.data] : []), ...(data?.pages ?? [])];
    const found = new Map(pages.flatMap((page) => page.data.map((row) => [row.documentId, row])));
    return [...found.values()].sort((a, b) => (b.ends_at ?? 0) - (a.ends_at ?? 0));
  }, [data, undecided.data]);
  return { ...query, lots };
}

// By the feed where it says, else by the row and my bids.
export function ownState(row: OwnLot, me: string): OwnState {
  const told = positionOf(row.documentId);
  const standing = standingOf(row.documentId);
  const status = standing?.status ?? row.status;
  const [last] = row.bids ?? [];
  const final = OVER.includes(status) && !UNDECIDED.includes(status);
  if (row.winner === me) return "won";
  if (told && !(final && (told.state === "outbid" || told.state === "sealed"))) return told.state;
  if (!last) return "none";
  if (final) return "lost";
  if (row.format?.startsWith("sealed") && !OVER.includes(status)) return "sealed";
  return (standing ? standing.leader : row.leader) === last.alias ? "leading" : "outbid";
}

// Rendered again when a lot goes to another state, not at each price.
export function useOwnStates(lots: OwnLot[], me: string): Map<string, OwnState> {
  const states = useSyncExternalStore(
    (listener) => onAuction("", listener),
    () => lots.map((row) => ownState(row, me)).join(),
  );
  return useMemo(() => {
    const list = states.split(",") as OwnState[];
    return new Map(lots.map((row, at) => [row.documentId, list[at] ?? "none"]));
  }, [lots, states]);
}

export const isIn = (tab: Tab, state: OwnState | undefined) => tab === "all" || state === tab;

export function ownMaximum(row: OwnLot): number | null {
  const told = positionOf(row.documentId)?.your_maximum;
  if (told != null) return told;
  const amounts = (row.bids ?? []).map((bid) => bid.maximum ?? bid.amount ?? 0);
  // A sealed bid replaces the one before, also by less.
  const found = row.format?.startsWith("sealed") ? amounts[0] : Math.max(0, ...amounts);
  return found || null;
}
