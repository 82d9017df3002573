import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { useSession } from "../../live/use";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { useSignInAddress } from "../shell/SignedIn";
import css from "./WatchButton.module.css";
import { useToggleWatch, useWatches } from "./watchlist";

interface WatchButtonProps {
  auction: string;
  title: string;
  small?: boolean; // the heart alone, on a picture
}

export function WatchButton({ auction, title, small }: WatchButtonProps) {
  const t = useTranslations("auctions.watch");
  const [, navigate] = useLocation();
  const signIn = useSignInAddress();
  const { user } = useSession();
  const watches = useWatches();
  const { mutate } = useToggleWatch();
  const watch = watches?.get(auction);
  const on = watch !== undefined;
  const toggle = () => {
    if (!user) navigate(signIn);
    else if (watches && watch !== "") mutate({ auction, watch }); // "" is on its way
  };
  if (small) {
    return (
      <button type="button" className={css.heart} aria-pressed={on} aria-label={t("label", { title })} onClick={toggle}>
        <Icon name="watch" filled={on} />
      </button>
    );
  }
  return (
    <Button aria-pressed={on} aria-disabled={watch === ""} className={css.button} onClick={toggle}>
      <Icon name="watch" filled={on} />
      {t(on ? "on" : "off")}
    </Button>
  );
}
