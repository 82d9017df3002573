import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction, Standing } from "../../api/types";
import { Button } from "../../parts/Button";
import { Countdown } from "../../parts/Countdown";
import { Price } from "../standing/Price";
import css from "./StickyBar.module.css";

// On phones, once the bidding is out of sight: the price and the time stay, and the way back to it.
export function StickyBar({ row, standing }: { row: Auction; standing: Standing }) {
  const t = useTranslations("auction");
  const [away, setAway] = useState(false);
  useEffect(() => {
    const place = document.getElementById("bid");
    if (!place) return;
    const observer = new IntersectionObserver(([entry]) => setAway(!entry?.isIntersecting));
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  if (!away || standing.status !== "live") return null;
  const go = () => {
    const place = document.getElementById("bid");
    place?.scrollIntoView({ block: "center", behavior: "smooth" });
    place?.querySelector("button")?.focus({ preventScroll: true });
  };
  return (
    <div className={css.bar}>
      <p className={css.price}>
        <Price row={row} standing={standing} className={css.amount} labelClass="unseen" />
        <Countdown to={standing.ends_at} className={css.left} />
      </p>
      <Button look="primary" onClick={go}>
        {t("toBid")}
      </Button>
    </div>
  );
}
