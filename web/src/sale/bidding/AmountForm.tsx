import { type FormEvent, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { Auction, Position, Standing } from "../../api/types";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { parseAmount, plainAmount } from "../../words/money";
import { useMoney } from "../../words/Words";
import { isDirect, isSealed, leastBid } from "../standing/lot";
import { nextStep } from "./increments";

interface AmountFormProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
  busy: boolean;
  ask: (amount: number) => void;
}

// An amount of one's own: the most one would pay, a direct bid, or what goes into the envelope.
export function AmountForm({ row, standing, position, busy, ask }: AmountFormProps) {
  const t = useTranslations("bidding.own");
  const locale = useLocale();
  const money = useMoney();
  const [text, setText] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  const { currency } = standing;
  const least = leastBid(standing, position);
  const sealed = isSealed(row);
  const replaces = sealed && !!position;
  const raises = !sealed && position?.state === "leading";
  const next = raises ? nextStep(row.increments, currency, least) : least;
  const example = (grouped: boolean) => plainAmount(next, currency, locale, grouped);
  const amount = parseAmount(text, currency, locale);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUnreadable(amount === null);
    if (amount !== null) ask(amount);
  };
  const type = (next: string) => {
    setText(next);
    setUnreadable(false);
  };
  const hint = () => {
    if (raises) return t("raiseHint");
    if (replaces) return t("replaceHint");
    return t(isDirect(row) || sealed ? "leastHint" : "maximumHint", { amount: money(least, currency) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label={t(sealed ? "sealed" : isDirect(row) ? "direct" : raises ? "raise" : "maximum")}
        before={currency}
        after={
          <Button type="submit" size="s" look={sealed || raises ? "primary" : "quiet"} aria-disabled={busy}>
            {t(replaces ? "replace" : raises ? "raiseDo" : "do")}
          </Button>
        }
        value={text}
        onValue={type}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        placeholder={example(true)}
        error={unreadable ? t("unreadable", { example: example(false) }) : undefined}
        hint={hint()}
      />
    </form>
  );
}
