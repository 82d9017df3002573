import { useTranslations } from "use-intl";
import { Empty } from "../../parts/Empty";
import { Heading } from "../shell/Heading";

export default function MinePage() {
  const t = useTranslations("shell");
  return (
    <>
      <Heading title={t("mine")} />
      <Empty title={t("soon")} />
    </>
  );
}
