import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ask, Refused } from "../../api/http";
import { enter } from "../../api/session";
import type { User } from "../../api/types";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Panel } from "../../parts/Panel";
import { toast } from "../../parts/Toast";
import { LEAST_PASSWORD, useChecks } from "../entry/send";
import { Form } from "../own/Form";
import forms from "../own/Form.module.css";
import { useSaving } from "../own/useSaving";

export function Password({ user }: { user: User }) {
  const t = useTranslations("account.password");
  const own = useTranslations("own.faults");
  const client = useQueryClient();
  const checks = useChecks();
  const { busy, fault, faults, check, run } = useSaving();
  const [currentPassword, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");

  // The server names no field for this one.
  const isWrong = (error: unknown) =>
    error instanceof Refused &&
    error.message.includes("current password is invalid") &&
    check({ currentPassword: own("wrongPassword") }) === false;
  const change = async () => {
    const found = {
      currentPassword: checks.filled(currentPassword),
      password: checks.password(password),
      passwordConfirmation: checks.same(again, password),
    };
    if (!check(found)) return;
    const json = { currentPassword, password, passwordConfirmation: again };
    const send = () => ask<{ jwt: string; user: User }>("/api/auth/change-password", { method: "POST", json });
    const changed = await run(send, isWrong);
    if (!changed) return;
    enter(changed.body);
    for (const clear of [setCurrent, setPassword, setAgain]) clear("");
    client.invalidateQueries({ queryKey: ["own", "sessions"] });
    toast({ title: t("changed"), text: t("others") });
  };
  return (
    <Panel id="password" title={t("title")} lead={t("lead")}>
      <Form
        onSubmit={change}
        busy={busy}
        fault={fault}
        actions={
          <Button type="submit" look="primary" busy={busy}>
            {t("change")}
          </Button>
        }
      >
        {/* For password managers: whose it is. */}
        <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
        <Field
          label={t("current")}
          type="password"
          autoComplete="current-password"
          value={currentPassword}
          onValue={setCurrent}
          error={faults.currentPassword}
        />
        <div className={forms.pair}>
          <Field
            label={t("new")}
            hint={t("hint", { least: LEAST_PASSWORD })}
            type="password"
            autoComplete="new-password"
            value={password}
            onValue={setPassword}
            error={faults.password}
          />
          <Field
            label={t("again")}
            type="password"
            autoComplete="new-password"
            value={again}
            onValue={setAgain}
            error={faults.passwordConfirmation}
          />
        </div>
      </Form>
    </Panel>
  );
}
