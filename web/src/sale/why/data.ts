// Why a bid of mine was decided so, as the server tells it.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "../../api/http";
import type { Status } from "../../api/types";

const PAUSE_MS = 1_500;

// What ended a bid's lead.
export interface Fate {
  at: number;
  kind: string;
  status: Status;
  words: string;
  leader?: string;
  reason?: string;
}

export interface Why {
  alias: string | null;
  amount: number | null;
  at: number;
  decision: string; // its outcome, or the code of its refusal
  words: string; // the server's, in English
  minimum: number | null;
  price_before: number | null;
  price: number | null;
  leader_before: string | null;
  leader: string | null;
  ends_at_before: number;
  ends_at: number;
  met_reserve?: boolean;
  details?: { minimum?: number; maximum?: number; price?: number; late_by_ms?: number };
  fate?: Fate;
}

// `seq`: of the auction, for what ended a lead comes later.
export const useWhy = (bid: string, seq: number) =>
  useQuery({
    queryKey: ["why", bid, seq],
    queryFn: async ({ signal }) => (await get<{ data: Why }>(`/api/bids/${bid}/why`, signal)).data,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

// The newest `seq`, but not oftener than what follows it can be read again.
export function useCalm(seq: number): number {
  const [calm, setCalm] = useState(seq);
  useEffect(() => {
    const soon = setTimeout(() => setCalm(seq), PAUSE_MS);
    return () => clearTimeout(soon);
  }, [seq]);
  return calm;
}
