import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { get } from "../../api/http";
import type { Auction } from "../../api/types";
import { useAct } from "../../api/useAct";
import { Button } from "../../parts/Button";
import { Countdown } from "../../parts/Countdown";
import { toast } from "../../parts/Toast";
import { useMoney } from "../../words/Words";
import { Ask } from "../own/Ask";
import { useSaving } from "../own/useSaving";
import { useLotStanding } from "../standing/use";
import type { OwnLot } from "./lots";
import css from "./Offer.module.css";

const AGAIN_MS = 1_000;
const MOST_TIMES = 5; // the row follows the feed a moment later, and of another bidder's offer it never tells

type Answer = "accept" | "decline";

// What the seller wants for a car whose highest bid was mine, until I answer.
export function Offer({ row }: { row: OwnLot }) {
  const t = useTranslations("mine.offer");
  const money = useMoney();
  const standing = useLotStanding(row);
  const [asking, setAsking] = useState<Answer | null>(null);
  const { mutateAsync } = useAct(row.documentId);
  const { busy, fault, run } = useSaving();
  const { data } = useQuery({
    queryKey: ["own", "offer", row.documentId, standing.seq],
    queryFn: ({ signal }) => get<{ data: Auction }>(`/api/auctions/${row.documentId}`, signal),
    enabled: standing.status === "countered",
    refetchInterval: ({ state }) => (state.data?.data.offer || state.dataUpdateCount > MOST_TIMES ? false : AGAIN_MS),
  });
  const offer = data?.data.offer;
  if (!offer || standing.status !== "countered") return null;
  const price = money(offer, standing.currency);

  const answer = async () => {
    if (!asking) return;
    const decided = await run(() => mutateAsync({ action: `${asking}-offer` }));
    if (!decided) return;
    setAsking(null);
    toast({
      title: t(asking === "accept" ? "accepted" : "declined", { title: row.title, price }),
      tone: asking === "accept" ? "leading" : "plain",
    });
  };
  return (
    <article className={css.offer} data-offer={row.documentId}>
      <div className={css.words}>
        <h2 className={css.title}>
          <Link href={`/auctions/${row.documentId}`} className={css.link}>
            {row.title}
          </Link>
        </h2>
        <p>{t("text", { price, bid: money(standing.price ?? 0, standing.currency) })}</p>
        {standing.approval_until && (
          <p className={css.until}>
            {t("until")} <Countdown to={standing.approval_until} over={t("over")} />
          </p>
        )}
      </div>
      <div className={css.actions}>
        <Button look="primary" onClick={() => setAsking("accept")}>
          {t("accept", { price })}
        </Button>
        <Button onClick={() => setAsking("decline")}>{t("decline")}</Button>
      </div>
      <Ask
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t(asking === "decline" ? "declineTitle" : "acceptTitle", { price })}
        description={t(asking === "decline" ? "declineText" : "acceptText", { title: row.title })}
        yes={asking === "decline" ? t("decline") : t("accept", { price })}
        busy={busy}
        fault={fault}
        onYes={answer}
      />
    </article>
  );
}
