import { useState } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { Field } from "../../parts/Field";
import { useSignInAddress } from "../shell/SignedIn";
import { EntryForm } from "./EntryForm";
import { useLeaveWhenSignedIn } from "./next";
import { LEAST_PASSWORD, useChecks, useSending } from "./send";

export default function RegisterPage() {
  const t = useTranslations("entry.register");
  const { busy, fault, faults, check, sendAndEnter } = useSending();
  const checks = useChecks();
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignInAddress();
  useLeaveWhenSignedIn();

  const submit = () => {
    const found = {
      username: checks.username(username.trim()),
      email: checks.email(email.trim()),
      password: checks.password(password),
    };
    if (!check(found)) return;
    sendAndEnter("/api/auth/local/register", { username: username.trim(), email: email.trim(), password });
  };
  return (
    <EntryForm
      title={t("title")}
      lead={t("lead")}
      fault={fault}
      busy={busy}
      submit={t("submit")}
      onSubmit={submit}
      after={
        <p>
          {t("known")} <Link href={signIn}>{t("signIn")}</Link>
        </p>
      }
    >
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
      <Field
        label={t("password")}
        hint={t("passwordHint", { least: LEAST_PASSWORD })}
        type="password"
        name="password"
        autoComplete="new-password"
        value={password}
        onValue={setPassword}
        error={faults.password}
      />
    </EntryForm>
  );
}
