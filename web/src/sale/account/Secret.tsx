import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Note } from "../../parts/Note";
import css from "./AccountPage.module.css";
import type { Token } from "./NewToken";

// A token's text, this once.
export function Secret({ token }: { token: Token }) {
  const t = useTranslations("account.tokens");
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(token.accessKey ?? "").then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Note tone="accent">
      <p>
        <strong>{t("made", { name: token.name })}</strong> {t("once")}
      </p>
      <div className={css.secret}>
        <code className={css.key}>{token.accessKey}</code>
        <Button size="s" look="primary" onClick={copy}>
          {t(copied ? "copied" : "copy")}
        </Button>
      </div>
      <span className="unseen" role="status">
        {copied && t("copied")}
      </span>
    </Note>
  );
}
