import { type FormEvent, type ReactNode, useId, useRef } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Note } from "../../parts/Note";
import forms from "./Form.module.css";
import { focusFirstFault } from "./useSaving";

interface AskProps {
  open?: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  size?: "s" | "m";
  no?: string;
  yes: string;
  danger?: boolean;
  busy: boolean;
  fault: ReactNode; // of the whole, not of a field
  onYes: () => unknown;
  children?: ReactNode; // what has to be said for it
}

// One look before something is done, and why it could not be.
export function Ask({ open = true, onClose, title, description, size, ...rest }: AskProps) {
  const { no, yes, danger = false, busy, fault, onYes, children } = rest;
  const own = useTranslations("own");
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // it may stand within another form
    if (busy) return;
    await onYes();
    focusFirstFault(form.current);
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={description}
      size={size}
      footer={
        <>
          <Button onClick={onClose}>{no ?? own("cancel")}</Button>
          <Button look={danger ? "danger" : "primary"} type="submit" form={id} busy={busy}>
            {yes}
          </Button>
        </>
      }
    >
      <form id={id} ref={form} className={forms.form} onSubmit={send} noValidate>
        {children}
        {fault && (
          <Note tone="danger" alert>
            {fault}
          </Note>
        )}
      </form>
    </Dialog>
  );
}
