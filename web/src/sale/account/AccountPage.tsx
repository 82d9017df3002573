import { useTranslations } from "use-intl";
import { Empty } from "../../parts/Empty";
import { Heading } from "../shell/Heading";

export default function AccountPage() {
  const t = useTranslations("shell");
  return (
    <>
      <Heading title={t("account")} />
      <Empty title={t("soon")} />
    </>
  );
}
