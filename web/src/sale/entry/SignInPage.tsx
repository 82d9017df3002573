import { useState } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { Field } from "../../parts/Field";
import { useSignInAddress } from "../shell/SignedIn";
import { EntryForm } from "./EntryForm";
import { useLeaveWhenSignedIn } from "./next";
import { useChecks, useSending } from "./send";

export default function SignInPage() {
  const t = useTranslations("entry.signIn");
  const { busy, fault, faults, check, sendAndEnter } = useSending();
  const checks = useChecks();
  const [identifier, setIdentifier] = useState("");
  const [password, setPassword] = useState("");
  const register = useSignInAddress("/register");
  useLeaveWhenSignedIn();

  const submit = () => {
    const found = { identifier: checks.filled(identifier.trim()), password: checks.filled(password) };
    if (check(found)) sendAndEnter("/api/auth/local", { identifier: identifier.trim(), password });
  };
  return (
    <EntryForm
      title={t("title")}
      fault={fault}
      busy={busy}
      submit={t("submit")}
      onSubmit={submit}
      after={
        <>
          <p>
            <Link href="/forgot-password">{t("forgot")}</Link>
          </p>
          <p>
            {t("newHere")} <Link href={register}>{t("register")}</Link>
          </p>
        </>
      }
    >
      <Field
        label={t("identifier")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={identifier}
        onValue={setIdentifier}
        error={faults.identifier}
      />
      <Field
        label={t("password")}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
        error={faults.password}
      />
    </EntryForm>
  );
}
