import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { heardAt } from "../../live/feed";
import { useLink } from "../../live/use";
import css from "./StaleMark.module.css";

// While the link is down: that the price is old, and how old.
export function StaleMark() {
  const t = useTranslations("auction");
  const link = useLink();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (link !== "down") return;
    const show = () => setSeconds(Math.round((performance.now() - heardAt()) / 1000));
    show();
    const again = setInterval(show, 1_000);
    return () => clearInterval(again);
  }, [link]);
  if (link !== "down") return null;
  return <p className={css.mark}>{t("old", { seconds })}</p>;
}
