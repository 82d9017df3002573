import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { Icon } from "../../parts/Icon";
import css from "./Sell.module.css";

// To everything that one sells.
export function Back() {
  const t = useTranslations("sell");
  return (
    <Link href="/sell" className={css.back}>
      <Icon name="left" size={16} />
      {t("title")}
    </Link>
  );
}
