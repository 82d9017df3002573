import { useTranslations } from "use-intl";
import { Skeleton } from "../../parts/Skeleton";
import css from "./Loading.module.css";

export function Loading() {
  const t = useTranslations("parts");
  return (
    <div className={css.loading} role="status">
      <span className="unseen">{t("loading")}</span>
      <Skeleton width="min(22rem, 70%)" height="2rem" />
      <Skeleton height="14rem" />
      <Skeleton width="60%" />
    </div>
  );
}
