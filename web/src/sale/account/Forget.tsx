import { useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { ask } from "../../api/http";
import { signOut } from "../../api/session";
import type { User } from "../../api/types";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Panel } from "../../parts/Panel";
import { toast } from "../../parts/Toast";
import { useChecks } from "../entry/send";
import { Ask } from "../own/Ask";
import { useSaving } from "../own/useSaving";

export function Forget({ user }: { user: User }) {
  const t = useTranslations("account.forget");
  const [, navigate] = useLocation();
  const checks = useChecks();
  const { busy, fault, faults, check, run } = useSaving();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");

  const close = () => {
    check({});
    setPassword("");
    setOpen(false);
  };
  const forget = async () => {
    if (!check({ currentPassword: checks.filled(password) })) return;
    const headers = { "X-Current-Password": password };
    const gone = await run(() => ask(`/api/users/${user.documentId}`, { method: "DELETE", headers }));
    if (!gone) return;
    navigate("/");
    await signOut();
    toast({ title: t("done") });
  };
  return (
    <Panel id="forget" title={t("title")} lead={t("lead")}>
      <p>
        <Button look="danger" onClick={() => setOpen(true)}>
          {t("open")}
        </Button>
      </p>
      <Ask
        open={open}
        onClose={close}
        title={t("sure")}
        description={t("means")}
        yes={t("forget")}
        danger
        busy={busy}
        fault={fault}
        onYes={forget}
      >
        <Field
          label={t("password")}
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          error={faults.currentPassword}
        />
      </Ask>
    </Panel>
  );
}
