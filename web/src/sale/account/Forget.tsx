import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { ask } from "../../api/http";
import { signOut } from "../../api/session";
import type { User } from "../../api/types";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Note } from "../../parts/Note";
import { Panel } from "../../parts/Panel";
import { toast } from "../../parts/Toast";
import { useChecks } from "../entry/send";
import forms from "../own/Form.module.css";
import { focusFirstFault, useSaving } from "../own/useSaving";

export function Forget({ user }: { user: User }) {
  const t = useTranslations("account.forget");
  const own = useTranslations("own");
  const [, navigate] = useLocation();
  const checks = useChecks();
  const form = useId();
  const { busy, fault, faults, check, run } = useSaving();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");

  const close = () => {
    check({});
    setPassword("");
    setOpen(false);
  };
  const forget = async () => {
    if (!check({ currentPassword: checks.filled(password) })) return focusFirstFault(document.getElementById(form));
    const headers = { "X-Current-Password": password };
    const gone = await run(() => ask(`/api/users/${user.documentId}`, { method: "DELETE", headers }));
    if (!gone) return focusFirstFault(document.getElementById(form));
    toast({ title: t("done") });
    navigate("/");
    await signOut();
  };
  return (
    <Panel id="forget" title={t("title")} lead={t("lead")}>
      <p>
        <Button look="danger" onClick={() => setOpen(true)}>
          {t("open")}
        </Button>
      </p>
      <Dialog
        open={open}
        onClose={close}
        title={t("sure")}
        description={t("means")}
        footer={
          <>
            <Button onClick={close}>{own("cancel")}</Button>
            <Button look="danger" type="submit" form={form} busy={busy}>
              {t("forget")}
            </Button>
          </>
        }
      >
        <form
          id={form}
          className={forms.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            forget();
          }}
        >
          <Field
            label={t("password")}
            type="password"
            autoComplete="current-password"
            value={password}
            onValue={setPassword}
            error={faults.currentPassword}
          />
          {fault && (
            <Note tone="danger" alert>
              {fault}
            </Note>
          )}
        </form>
      </Dialog>
    </Panel>
  );
}
