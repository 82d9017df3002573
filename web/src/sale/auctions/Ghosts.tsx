import { useTranslations } from "use-intl";
import { Skeleton } from "../../parts/Skeleton";
import css from "./Grid.module.css";

const PLACES = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function Ghosts() {
  const t = useTranslations("parts");
  return (
    <div className={css.waiting} role="status">
      <span className="unseen">{t("loading")}</span>
      {PLACES.map((each) => (
        <div key={each} className={css.ghost}>
          <Skeleton height="12rem" />
          <Skeleton width="75%" />
          <Skeleton width="40%" height="1.5rem" />
        </div>
      ))}
    </div>
  );
}
