import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Check } from "../../parts/Check";
import { Panel } from "../../parts/Panel";
import { chooseNotice, NOTICES, type Notice, wantsNotice } from "../notices/choices";
import css from "./AccountPage.module.css";

// Without https, and in some browsers on phones, there are none.
const permission = (): NotificationPermission | "missing" =>
  typeof Notification === "undefined" ? "missing" : Notification.permission;

export function Notices() {
  const t = useTranslations("account.notices");
  const [allowed, setAllowed] = useState(permission);
  const [wanted, setWanted] = useState(() => NOTICES.filter(wantsNotice));
  const choose = (notice: Notice, on: boolean) => {
    chooseNotice(notice, on);
    setWanted(NOTICES.filter(wantsNotice));
  };
  const request = () => Notification.requestPermission().then((answer) => setAllowed(answer));
  return (
    <Panel id="notices" title={t("title")} lead={t("lead")}>
      <fieldset className={css.checks}>
        <legend className="unseen">{t("title")}</legend>
        {NOTICES.map((notice) => (
          <Check
            key={notice}
            label={t(`of.${notice}`)}
            checked={wanted.includes(notice)}
            onChange={(on) => choose(notice, on)}
          />
        ))}
      </fieldset>
      <div className={css.row}>
        <span className={css.about}>
          <span className={css.name}>{t("browser")}</span>
          <span className={css.soft}>{t(`permission.${allowed}`)}</span>
        </span>
        {allowed === "default" && (
          <Button size="s" onClick={request}>
            {t("allow")}
          </Button>
        )}
      </div>
    </Panel>
  );
}
