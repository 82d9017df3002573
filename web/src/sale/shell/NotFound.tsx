import { useTranslations } from "use-intl";
import { ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { useTitle } from "./visits";

export function NotFound() {
  const t = useTranslations("shell.notFound");
  useTitle(t("title"));
  return (
    <Empty whole title={t("title")} text={t("text")}>
      <ButtonLink href="/" look="primary">
        {t("back")}
      </ButtonLink>
    </Empty>
  );
}
