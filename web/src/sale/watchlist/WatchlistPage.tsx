import { useTranslations } from "use-intl";
import { Empty } from "../../parts/Empty";
import { Heading } from "../shell/Heading";

export default function WatchlistPage() {
  const t = useTranslations("shell");
  return (
    <>
      <Heading title={t("watchlist")} />
      <Empty title={t("soon")} />
    </>
  );
}
