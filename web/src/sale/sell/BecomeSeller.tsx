import { useTranslations } from "use-intl";
import { useSession } from "../../live/use";
import { ButtonLink } from "../../parts/Button";
import buttons from "../../parts/Button.module.css";
import { Panel } from "../../parts/Panel";
import { Heading } from "../shell/Heading";
import css from "./Sell.module.css";

const STEPS = ["ask", "check", "sell"] as const;

// For who is no seller: bidders ask the house, staff have the panel.
export function BecomeSeller() {
  const t = useTranslations("sell.become");
  const { user } = useSession();
  const staff = user?.role === "auctioneer" || user?.role === "admin";
  if (staff) {
    return (
      <div className={css.narrow}>
        <Heading title={t("staffTitle")} className={css.heading} />
        <Panel title={t("staffLead")}>
          <p>{t("staffText")}</p>
          <p>
            <a href="/admin" className={`${buttons.button} ${buttons.primary} ${buttons.m}`}>
              {t("panel")}
            </a>
          </p>
        </Panel>
      </div>
    );
  }
  return (
    <div className={css.narrow}>
      <Heading title={t("title")} className={css.heading} />
      <Panel title={t("lead")}>
        <p>{t("text")}</p>
        <ol className={css.steps}>
          {STEPS.map((step) => (
            <li key={step}>
              <strong>{t(`steps.${step}.name`)}</strong>
              <span>{t(`steps.${step}.text`, { username: user?.username ?? "" })}</span>
            </li>
          ))}
        </ol>
        <p>
          <ButtonLink href="/">{t("meanwhile")}</ButtonLink>
        </p>
      </Panel>
    </div>
  );
}
