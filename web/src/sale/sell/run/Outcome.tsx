import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { get } from "../../../api/http";
import type { Auction, Standing, User } from "../../../api/types";
import { ButtonLink } from "../../../parts/Button";
import { Note } from "../../../parts/Note";
import { useMoney } from "../../../words/Words";

// What became of it.
export function Outcome({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("run.outcome");
  const money = useMoney();
  const { winner } = row;
  const { data: buyer } = useQuery({
    queryKey: ["own", "buyer", winner],
    queryFn: ({ signal }) => get<Pick<User, "username">>(`/api/users/${winner}`, signal),
    enabled: !!winner && standing.status === "sold",
  });
  const again = row.car && (
    <ButtonLink size="s" href={`/sell/auctions/new?car=${row.car.documentId}`}>
      {t("again")}
    </ButtonLink>
  );
  switch (standing.status) {
    case "sold":
      return (
        <Note tone="accent">
          <strong>
            {t("sold", { price: money(standing.hammer_price ?? standing.price ?? 0, standing.currency) })}
          </strong>{" "}
          {buyer ? t("buyer", { name: buyer.username }) : t("buyerSoon")}
        </Note>
      );
    case "unsold":
      return (
        <Note>
          <p>{t("unsold")}</p>
          {again}
        </Note>
      );
    case "cancelled":
      return (
        <Note>
          <p>{row.cancel_reason ? t("cancelled", { reason: row.cancel_reason }) : t("cancelledSoon")}</p>
          {again}
        </Note>
      );
  }
  return null;
}
