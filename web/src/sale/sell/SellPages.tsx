import { useTranslations } from "use-intl";
import { Empty } from "../../parts/Empty";
import { Heading } from "../shell/Heading";

export default function SellPages() {
  const t = useTranslations("shell");
  return (
    <>
      <Heading title={t("sell")} />
      <Empty title={t("soon")} />
    </>
  );
}
