import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";

// The browser asks only after this was pressed, and never again where somebody said no.
export function NotifyButton() {
  const t = useTranslations("notices");
  const [permission, setPermission] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (permission !== "default") return null;
  const ask = async () => setPermission(await Notification.requestPermission());
  return (
    <Button onClick={ask}>
      <Icon name="bell" />
      {t("allow")}
    </Button>
  );
}
