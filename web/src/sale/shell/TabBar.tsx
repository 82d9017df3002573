import { useTranslations } from "use-intl";
import { Link, useLocation } from "wouter";
import { Icon } from "../../parts/Icon";
import { ACCOUNT, isAt, PLACES } from "./places";
import css from "./TabBar.module.css";

// On phones, under the thumb.
export function TabBar() {
  const t = useTranslations("shell");
  const [path] = useLocation();
  return (
    <nav className={css.bar} aria-label={t("navigation")}>
      {[...PLACES, ACCOUNT].map(({ href, word, icon }) => (
        <Link key={href} href={href} className={css.tab} aria-current={isAt(href, path) ? "page" : undefined}>
          <Icon name={icon} size={22} />
          {t(word)}
        </Link>
      ))}
    </nav>
  );
}
