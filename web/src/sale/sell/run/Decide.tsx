import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { Auction, Standing } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Button } from "../../../parts/Button";
import { Countdown } from "../../../parts/Countdown";
import { Field } from "../../../parts/Field";
import { Panel } from "../../../parts/Panel";
import { parseAmount } from "../../../words/money";
import { useMoney } from "../../../words/Words";
import { Ask } from "../../own/Ask";
import { Form } from "../../own/Form";
import { useSaving } from "../../own/useSaving";
import css from "./RunPage.module.css";

type Choice = "approve" | "decline";

// A sale that waits for its seller, or an offer of his that waits for the bidder.
export function Decide({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("run.decide");
  const own = useTranslations("own");
  const locale = useLocale();
  const money = useMoney();
  const { mutateAsync } = useAct(row.documentId);
  const { busy, fault, faults, check, run } = useSaving();
  const [price, setPrice] = useState("");
  const [asking, setAsking] = useState<Choice | null>(null);
  const bid = money(standing.price ?? 0, standing.currency);
  const reserve = row.reserve_price ? money(row.reserve_price, standing.currency) : null;
  const until = standing.approval_until;

  const decide = async () => {
    if (asking && (await run(() => mutateAsync({ action: asking })))) setAsking(null);
  };
  const counter = async () => {
    const amount = parseAmount(price, standing.currency, locale);
    const wrong = price.trim() ? own("faults.notAnAmount") : own("faults.missing");
    const low = amount !== null && amount <= (standing.price ?? 0);
    const high = amount !== null && row.reserve_price != null && amount > row.reserve_price;
    if (!check({ price: amount === null ? wrong : low || high ? own("faults.offerRange") : undefined })) return;
    if (await run(() => mutateAsync({ action: "counter", data: { price: amount } }))) setPrice("");
  };

  if (standing.status === "countered") {
    return (
      <Panel title={t("offered")}>
        <p>{row.offer ? t("offeredText", { price: money(row.offer, standing.currency), bid }) : t("offeredWait")}</p>
        {until && (
          <p className={css.soft}>
            {t("answerWithin")} <Countdown to={until} />
          </p>
        )}
      </Panel>
    );
  }
  return (
    <Panel title={t("title")} lead={t(reserve ? "leadReserve" : "lead", { bid, reserve: reserve ?? "" })}>
      {until && (
        <p className={css.soft}>
          {t("within")} <Countdown to={until} />. {t("otherwise")}
        </p>
      )}
      <div className={css.choices}>
        <Button look="primary" onClick={() => setAsking("approve")}>
          {t("approve", { bid })}
        </Button>
        <Button onClick={() => setAsking("decline")}>{t("decline")}</Button>
      </div>
      <Form onSubmit={counter} busy={busy} fault={asking ? null : fault}>
        <div className={css.offer}>
          <Field
            label={t("counter")}
            hint={t(reserve ? "counterHintReserve" : "counterHint", { bid, reserve: reserve ?? "" })}
            inputMode="decimal"
            autoComplete="off"
            name="price"
            before={standing.currency}
            value={price}
            onValue={setPrice}
            error={faults.price}
          />
          <Button type="submit" busy={busy && !asking}>
            {t("send")}
          </Button>
        </div>
      </Form>
      <Ask
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t(asking === "decline" ? "declineTitle" : "approveTitle", { bid })}
        description={t(asking === "decline" ? "declineText" : "approveText")}
        yes={asking === "decline" ? t("decline") : t("approve", { bid })}
        danger={asking === "decline"}
        busy={busy}
        fault={fault}
        onYes={decide}
      />
    </Panel>
  );
}
