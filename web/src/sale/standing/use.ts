import { useEffect, useRef, useState } from "react";
import type { Auction, Standing } from "../../api/types";
import { useStanding } from "../../live/use";
import { standingOfRow } from "./lot";

const MOVED_MS = 6_000;

// The newer of what the feed told and what the row says.
export function useLotStanding(row: Auction): Standing {
  const told = useStanding(row.documentId);
  return told && told.seq >= (row.seq ?? 0) ? told : standingOfRow(row);
}

// A bid near the end gave everybody more time: by how much in ms, where several follow each other in all.
export function useExtension({ status, ends_at }: Standing): number | null {
  const last = useRef({ status, ends_at });
  const [moved, setMoved] = useState<number | null>(null);
  useEffect(() => {
    const { current } = last;
    last.current = { status, ends_at };
    if (status === "live" && current.status === "live" && ends_at > current.ends_at) {
      setMoved((before) => (before ?? 0) + ends_at - current.ends_at);
    }
  }, [status, ends_at]);
  useEffect(() => {
    if (moved === null) return;
    const over = setTimeout(() => setMoved(null), MOVED_MS);
    return () => clearTimeout(over);
  }, [moved]);
  return moved;
}
