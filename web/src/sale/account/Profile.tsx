import { useState } from "react";
import { useTranslations } from "use-intl";
import { ask } from "../../api/http";
import { setUser } from "../../api/session";
import type { User } from "../../api/types";
import { Badge } from "../../parts/Badge";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Panel } from "../../parts/Panel";
import { toast } from "../../parts/Toast";
import { useChecks } from "../entry/send";
import { Form } from "../own/Form";
import forms from "../own/Form.module.css";
import { useSaving } from "../own/useSaving";

export function Profile({ user }: { user: User }) {
  const t = useTranslations("account.profile");
  const own = useTranslations("own");
  const checks = useChecks();
  const { busy, fault, faults, check, run } = useSaving();
  const [username, setUsername] = useState(user.username);
  const [email, setEmail] = useState(user.email);
  const [currentPassword, setCurrentPassword] = useState("");
  const address = email.trim();
  const moves = address !== user.email;

  const save = async () => {
    const found = {
      username: checks.username(username.trim()),
      email: checks.email(address),
      currentPassword: moves ? checks.filled(currentPassword) : undefined,
    };
    if (!check(found)) return;
    const json = { username: username.trim(), ...(moves ? { email: address, currentPassword } : {}) };
    const saved = await run(() => ask<User>(`/api/users/${user.documentId}`, { method: "PUT", json }));
    if (!saved) return;
    setUser(saved.body);
    setCurrentPassword("");
    toast({ title: own("saved") });
  };
  return (
    <Panel id="profile" title={t("title")} beside={<Badge>{t(`roles.${user.role}`)}</Badge>}>
      <Form
        onSubmit={save}
        busy={busy}
        fault={fault}
        actions={
          <Button type="submit" look="primary" busy={busy}>
            {own("save")}
          </Button>
        }
      >
        <div className={forms.pair}>
          <Field
            label={t("username")}
            hint={t("usernameHint")}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            onValue={setUsername}
            error={faults.username}
          />
          <Field
            label={t("email")}
            type="email"
            name="email"
            autoComplete="email"
            value={email}
            onValue={setEmail}
            error={faults.email}
          />
        </div>
        {moves && (
          <Field
            label={t("currentPassword")}
            hint={t("whyPassword")}
            type="password"
            autoComplete="current-password"
            value={currentPassword}
            onValue={setCurrentPassword}
            error={faults.currentPassword}
          />
        )}
      </Form>
    </Panel>
  );
}
