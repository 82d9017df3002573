import { useTranslations } from "use-intl";
import { Link } from "wouter";
import css from "./Footer.module.css";

export function Footer() {
  const t = useTranslations("shell.footer");
  return (
    <footer className={css.footer}>
      <div className={css.inner}>
        <p>{t("promise")}</p>
        <p className={css.links}>
          <Link href="/audit">{t("audit")}</Link>
          <span>{t("forPrograms")}</span>
          <a href="/docs">{t("api")}</a>
          <a href="/health">{t("health")}</a>
        </p>
      </div>
    </footer>
  );
}
