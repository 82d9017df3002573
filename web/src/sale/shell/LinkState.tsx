import { useTranslations } from "use-intl";
import { useLink } from "../../live/use";
import css from "./LinkState.module.css";

// Whether what is shown is what there is.
export function LinkState() {
  const t = useTranslations("shell.link");
  const link = useLink();
  return (
    <p className={css.state} data-link={link} title={t(link)}>
      <span className={css.dot} aria-hidden="true" />
      <span className={css.word}>{t(link)}</span>
    </p>
  );
}

export function LinkBanner() {
  const t = useTranslations("shell.link");
  const link = useLink();
  return (
    <div role="status" className={css.place}>
      {link === "down" && <p className={css.banner}>{t("downLong")}</p>}
    </div>
  );
}
