import { type FormEvent, type ReactNode, useRef } from "react";
import { Button } from "../../parts/Button";
import { Heading } from "../shell/Heading";
import css from "./EntryForm.module.css";

interface EntryFormProps {
  title: string;
  lead?: string;
  fault: string | null; // of the whole, not of a field
  busy: boolean;
  submit: string;
  onSubmit: () => void;
  children: ReactNode;
  after?: ReactNode;
}

export function EntryForm({ title, lead, fault, busy, submit, onSubmit, children, after }: EntryFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
    // The first field with a fault, once it is shown.
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  return (
    <div className={css.page}>
      <Heading title={title} className={css.title} />
      {lead && <p className={css.lead}>{lead}</p>}
      <form ref={form} className={css.form} onSubmit={send} noValidate>
        {children}
        <p role="alert" className={css.fault} hidden={!fault}>
          {fault}
        </p>
        <Button type="submit" look="primary" size="l" wide busy={busy}>
          {submit}
        </Button>
      </form>
      {after && <div className={css.after}>{after}</div>}
    </div>
  );
}
