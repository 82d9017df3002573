import { useTranslations } from "use-intl";
import { Heading } from "../shell/Heading";

export default function AuctionsPage() {
  const t = useTranslations("shell");
  return <Heading title={t("auctions")} />;
}
