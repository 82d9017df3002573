import { Field as Base } from "@base-ui/react/field";
import type { InputHTMLAttributes, ReactNode, Ref } from "react";
import css from "./Field.module.css";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "defaultValue" | "value"> {
  label: ReactNode;
  value: string;
  onValue: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  before?: ReactNode; // inside the frame, such as a currency
  after?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

// A text field with its label, its hint and what is wrong with it.
export function Field({ label, hint, error, before, after, onValue, className, ref, ...input }: FieldProps) {
  return (
    <Base.Root className={`${css.field} ${className ?? ""}`} invalid={!!error}>
      <Base.Label className={css.label}>{label}</Base.Label>
      <span className={css.frame}>
        {before && <span className={css.aside}>{before}</span>}
        <Base.Control {...input} ref={ref} className={css.input} onValueChange={(value) => onValue(String(value))} />
        {after && <span className={css.aside}>{after}</span>}
      </span>
      {hint && <Base.Description className={css.hint}>{hint}</Base.Description>}
      <Base.Error match={!!error} className={css.error}>
        {error}
      </Base.Error>
    </Base.Root>
  );
}

interface TextAreaProps {
  label: ReactNode;
  value: string;
  onValue: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  rows?: number;
  maxLength?: number;
}

export function TextArea({ label, value, onValue, hint, error, rows = 6, maxLength }: TextAreaProps) {
  return (
    <Base.Root className={css.field} invalid={!!error}>
      <Base.Label className={css.label}>{label}</Base.Label>
      <Base.Control
        className={`${css.frame} ${css.area}`}
        value={value}
        onValueChange={(next) => onValue(String(next))}
        render={<textarea rows={rows} maxLength={maxLength} />}
      />
      {hint && <Base.Description className={css.hint}>{hint}</Base.Description>}
      <Base.Error match={!!error} className={css.error}>
        {error}
      </Base.Error>
    </Base.Root>
  );
}
