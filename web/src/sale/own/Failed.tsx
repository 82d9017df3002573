import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";

// A list that could not be read.
export function Failed({ again }: { again: () => void }) {
  const t = useTranslations("own.failed");
  return (
    <div role="alert">
      <Empty title={t("title")} text={t("text")}>
        <Button onClick={again}>{t("again")}</Button>
      </Empty>
    </div>
  );
}
