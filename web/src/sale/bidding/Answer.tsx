import { useTranslations } from "use-intl";
import { Button, IconButton } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { useMoney } from "../../words/Words";
import css from "./Answer.module.css";
import { useAnswers } from "./answers";
import type { Step } from "./useBidding";

interface AnswerProps {
  step: Step;
  currency: string;
  again: () => void;
  dismiss: () => void;
}

// What the sale says to a bid, and while it has not said anything yet, why.
export function Answer({ step, currency, again, dismiss }: AnswerProps) {
  const t = useTranslations("bidding");
  const money = useMoney();
  const say = useAnswers(currency);
  const said = step.at === "answered" ? say(step.fate) : null;
  return (
    <div role="status" className={css.place}>
      {step.at === "sending" && (
        <p className={css.answer} data-tone="wait">
          {step.progress ? t(`progress.${step.progress}`) : t("sending", { amount: money(step.bid.amount, currency) })}
        </p>
      )}
      {said && (
        <div className={css.answer} data-tone={said.tone}>
          <p>{said.text}</p>
          {said.again && (
            <Button size="s" onClick={again}>
              {t("again")}
            </Button>
          )}
          <IconButton label={t("dismiss")} size="s" className={css.close} onClick={dismiss}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
    </div>
  );
}
