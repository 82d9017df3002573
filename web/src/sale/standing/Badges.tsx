import { useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { Badge, type BadgeTone } from "../../parts/Badge";
import { formatOf, reserveOf } from "./lot";

const TONES: Record<Position["state"], BadgeTone> = {
  leading: "leading",
  won: "leading",
  outbid: "outbid",
  sealed: "accent",
  lost: "plain",
};

const OUTCOMES = ["unsold", "pending_approval", "countered", "cancelled"] as const;

// Where I stand.
export function OwnBadge({ position }: { position: Position | undefined }) {
  const t = useTranslations("auctions.mine");
  return position ? <Badge tone={TONES[position.state]}>{t(position.state)}</Badge> : null;
}

// The reserve, and the format where it is not the usual one.
export function TermBadges({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auctions");
  const reserve = reserveOf(row, standing);
  const format = formatOf(row);
  const outcome = OUTCOMES.find((each) => each === standing.status);
  return (
    <>
      {outcome && <Badge>{t(`outcome.${outcome}`)}</Badge>}
      {reserve && <Badge tone={reserve === "notMet" ? "ending" : "plain"}>{t(`reserve.${reserve}`)}</Badge>}
      {format !== "proxy" && <Badge>{t(`format.${format}`)}</Badge>}
    </>
  );
}
