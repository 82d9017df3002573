import { useTranslations } from "use-intl";
import type { Auction, Standing } from "../../api/types";
import { isOver, isSealed } from "./lot";

// How many bids, or in a sealed auction under way how many bidders.
export function BidCount({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auctions.count");
  const over = isOver(standing);
  if (row.format === "dutch" && !over) return t("firstTakesIt");
  return t(isSealed(row) && !over ? "bidders" : "bids", { count: standing.bids });
}
