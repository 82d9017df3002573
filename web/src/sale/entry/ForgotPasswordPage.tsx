import { useState } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { EntryForm } from "./EntryForm";
import { useChecks, useSending } from "./send";

export default function ForgotPasswordPage() {
  const t = useTranslations("entry.forgot");
  const { busy, fault, faults, check, send } = useSending();
  const checks = useChecks();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);

  const submit = async () => {
    const address = email.trim();
    if (!check({ email: checks.email(address) })) return;
    if (await send("/api/auth/forgot-password", { email: address })) setSent(true);
  };
  if (sent) {
    return (
      <div role="status">
        <Empty title={t("sentTitle")} text={t("sent", { email: email.trim() })}>
          <ButtonLink href="/sign-in">{t("back")}</ButtonLink>
        </Empty>
      </div>
    );
  }
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
          <Link href="/sign-in">{t("back")}</Link>
        </p>
      }
    >
      <Field
        label={t("email")}
        type="email"
        name="email"
        autoComplete="email"
        value={email}
        onValue={setEmail}
        error={faults.email}
      />
    </EntryForm>
  );
}
