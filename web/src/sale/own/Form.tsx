import { type FormEvent, type ReactNode, useRef } from "react";
import { Note } from "../../parts/Note";
import css from "./Form.module.css";
import { focusFirstFault } from "./useSaving";

interface FormProps {
  onSubmit: () => unknown;
  busy: boolean;
  fault: string | null; // of the whole, not of a field
  children: ReactNode;
  actions?: ReactNode; // its buttons
}

export function Form({ onSubmit, busy, fault, children, actions }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    await onSubmit();
    focusFirstFault(form.current);
  };
  return (
    <form ref={form} className={css.form} onSubmit={send} noValidate>
      {children}
      {fault && (
        <Note tone="danger" alert>
          {fault}
        </Note>
      )}
      {actions && <div className={css.actions}>{actions}</div>}
    </form>
  );
}
