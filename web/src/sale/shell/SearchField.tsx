import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation, useSearchParams } from "wouter";
import { Icon } from "../../parts/Icon";
import css from "./SearchField.module.css";

const PAUSE_MS = 300;

// Searches as one types on the list of auctions; elsewhere it goes there.
export function SearchField({ className = "" }: { className?: string }) {
  const t = useTranslations("shell");
  const [path, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  const asked = path === "/" ? (params.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => setText((now) => (now.trim() === asked ? now : asked)), [asked]);
  useEffect(() => () => clearTimeout(pause.current), []);

  const search = (wanted: string) => {
    clearTimeout(pause.current);
    const q = wanted.trim();
    if (path !== "/") return navigate(q ? `/?q=${encodeURIComponent(q)}` : "/");
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (q) next.set("q", q);
        else next.delete("q");
        return next;
      },
      { replace: true },
    );
  };
  const type = (next: string) => {
    setText(next);
    clearTimeout(pause.current);
    if (path === "/") pause.current = setTimeout(() => search(next), PAUSE_MS);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };

  return (
    <search className={className}>
      <form className={css.search} onSubmit={submit}>
        <Icon name="search" size={18} />
        <input
          type="search"
          name="q"
          className={css.input}
          value={text}
          onChange={(event) => type(event.target.value)}
          placeholder={t("searchFor")}
          aria-label={t("search")}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
    </search>
  );
}
