import { useEffect, useRef, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { Auction, Standing } from "../../api/types";
import { useStanding } from "../../live/use";
import { span } from "../../words/duration";
import { standingOfRow } from "./lot";

const MOVED_MS = 6_000;

// The newer of what the feed told and what the row says.
export function useLotStanding(row: Auction): Standing {
  const told = useStanding(row.documentId);
  return told && told.seq >= (row.seq ?? 0) ? told : standingOfRow(row);
}

// A bid near the end gave everybody more time: how much, where several follow each other in all.
export function useExtension({ status, ends_at }: Standing): string | null {
  const t = useTranslations("auctions");
  const locale = useLocale();
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
  if (moved === null) return null;
  return t("moreTime", { more: span(Math.max(1_000, Math.round(moved / 1000) * 1000), locale) });
}
