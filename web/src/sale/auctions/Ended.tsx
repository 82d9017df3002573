import { useFormatter, useTranslations } from "use-intl";
import { serverNow } from "../../live/clock";

const DAY_MS = 86_400_000;

// When a lot ended: the time of day if that was lately, else the day.
export function Ended({ at }: { at: number }) {
  const t = useTranslations("auctions");
  const format = useFormatter();
  const when = new Date(at);
  const lately = Math.abs(serverNow() - at) < DAY_MS / 2;
  const text = lately
    ? format.dateTime(when, { hour: "2-digit", minute: "2-digit" })
    : format.dateTime(when, { day: "numeric", month: "short", year: "numeric" });
  return <time dateTime={when.toISOString()}>{t("ended", { when: text })}</time>;
}
