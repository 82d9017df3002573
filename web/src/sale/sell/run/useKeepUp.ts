import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Auction, Standing } from "../../../api/types";

const AGAIN_MS = 1_000;
const MOST_TIMES = 30;

// What the feed does not tell its seller: to whom it went, for what it was offered, why it was called off.
function lacks(row: Auction, { status }: Standing): boolean {
  if (status === "sold") return row.winner === undefined;
  if (status === "countered") return row.offer === undefined;
  return status === "cancelled" && row.cancel_reason === null;
}

// Reads the row again until it has that: rows follow the feed a moment later.
export function useKeepUp(row: Auction, standing: Standing): void {
  const client = useQueryClient();
  const behind = lacks(row, standing);
  const { documentId } = row;
  useEffect(() => {
    if (!behind) return;
    let tried = 0;
    const read = () => {
      tried += 1;
      client.invalidateQueries({ queryKey: ["own", "auction", documentId] });
      if (tried === MOST_TIMES) clearInterval(again);
    };
    const again = setInterval(read, AGAIN_MS);
    return () => clearInterval(again);
  }, [behind, client, documentId]);
}
