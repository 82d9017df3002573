import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { useMoney } from "../../words/Words";
import { isSealed } from "../standing/lot";
import { useStatus } from "./status";

const PAUSE_MS = 4_000;

interface SayingProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
}

// What changes, for a screen reader: the latest, and not more often than one can listen to.
export function Saying({ row, standing, position }: SayingProps) {
  const t = useTranslations("auction");
  const money = useMoney();
  const { text: status } = useStatus(row, standing, position);
  const price =
    standing.price === null || isSealed(row) || standing.clock
      ? ""
      : t("priceIs", { amount: money(standing.price, standing.currency) });
  const text = `${price} ${status}`.trim();
  const [said, setSaid] = useState("");
  const first = useRef(text);
  const at = useRef(-PAUSE_MS);
  useEffect(() => {
    if (text === first.current) return; // it is read with the page
    first.current = "";
    const wait = Math.max(0, at.current + PAUSE_MS - performance.now());
    const soon = setTimeout(() => {
      at.current = performance.now();
      setSaid(text);
    }, wait);
    return () => clearTimeout(soon);
  }, [text]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
