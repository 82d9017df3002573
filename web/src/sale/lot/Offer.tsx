import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Refused } from "../../api/http";
import type { Auction, Standing } from "../../api/types";
import { useAct } from "../../api/useAct";
import { useSession } from "../../live/use";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Money } from "../../parts/Money";
import css from "./Offer.module.css";
import { When } from "./When";

type Choice = "accept-offer" | "decline-offer";

// The seller names another price, and the high bidder takes it or not.
export function Offer({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auction.offer");
  const parts = useTranslations("parts");
  const client = useQueryClient();
  const { user } = useSession();
  const [choice, setChoice] = useState<Choice | null>(null);
  const { mutate, isPending, error } = useAct(row.documentId);
  const answer = (action: Choice) =>
    mutate(
      { action },
      {
        onSuccess: () => setChoice(null),
        onSettled: () => client.invalidateQueries({ queryKey: ["auction", row.documentId] }),
      },
    );
  const bidder =
    user && row.seller?.documentId !== user.documentId && user.role !== "auctioneer" && user.role !== "admin";
  if (standing.status !== "countered" || row.offer === undefined || !bidder) return null;
  const { currency } = standing;
  return (
    <div className={css.offer}>
      <p className={css.lead}>{t("lead")}</p>
      <Money amount={row.offer} currency={currency} className={css.amount} />
      {standing.approval_until && (
        <p className={css.until}>
          {t("until")} <When at={standing.approval_until} />
        </p>
      )}
      <div className={css.choices}>
        <Button look="primary" onClick={() => setChoice("accept-offer")}>
          {t("accept")}
        </Button>
        <Button onClick={() => setChoice("decline-offer")}>{t("decline")}</Button>
      </div>
      <Dialog
        open={choice !== null}
        onClose={() => setChoice(null)}
        title={t(choice === "accept-offer" ? "acceptTitle" : "declineTitle")}
        description={t(choice === "accept-offer" ? "acceptText" : "declineText")}
        footer={
          <>
            <Button size="l" onClick={() => setChoice(null)}>
              {t("back")}
            </Button>
            <Button look="primary" size="l" busy={isPending} onClick={() => choice && answer(choice)}>
              {t(choice === "accept-offer" ? "accept" : "decline")}
            </Button>
          </>
        }
      >
        <Money amount={row.offer} currency={currency} className={css.amount} />
        <p role="alert" className={css.fault}>
          {error && (error instanceof Refused ? error.message : parts("unreachable"))}
        </p>
      </Dialog>
    </div>
  );
}
