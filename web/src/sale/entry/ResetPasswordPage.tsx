import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { enter } from "../../api/session";
import type { User } from "../../api/types";
import { ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { EntryForm } from "./EntryForm";
import { LEAST_PASSWORD, useChecks, useSending } from "./send";

// Behind the letter's link; by # too, which no server and no referrer ever sees.
function codeOfTheLink(): string {
  return (
    new URLSearchParams(location.search).get("code") ?? new URLSearchParams(location.hash.slice(1)).get("code") ?? ""
  );
}

export default function ResetPasswordPage() {
  const t = useTranslations("entry.reset");
  const register = useTranslations("entry.register");
  const [, navigate] = useLocation();
  const { busy, fault, faults, check, send } = useSending();
  const checks = useChecks();
  const [code] = useState(codeOfTheLink);
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");

  // The code is nobody's to read over a shoulder.
  useEffect(() => {
    history.replaceState(history.state, "", location.pathname);
  }, []);

  const submit = async () => {
    const found = { password: checks.password(password), passwordConfirmation: checks.same(again, password) };
    if (!check(found)) return;
    const json = { code, password, passwordConfirmation: again };
    const entered = await send<{ jwt: string; user: User }>("/api/auth/reset-password", json);
    if (!entered) return;
    enter(entered);
    navigate("/", { replace: true });
  };
  if (!code) {
    return (
      <Empty whole title={t("title")} text={t("noCode")}>
        <ButtonLink href="/forgot-password" look="primary">
          {t("newLetter")}
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <EntryForm title={t("title")} lead={t("lead")} fault={fault} busy={busy} submit={t("submit")} onSubmit={submit}>
      <Field
        label={t("password")}
        hint={register("passwordHint", { least: LEAST_PASSWORD })}
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
    </EntryForm>
  );
}
