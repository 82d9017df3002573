// Fields of a form that keep minor units, epoch ms and spans, and show what people write.

import { InputAdornment, TextField } from "@mui/material";
import { useState } from "react";
import { FieldTitle, useInput, useResourceContext, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { useFormats } from "./formats";
import { fromLocal, toLocal } from "./moment";

export const EXAMPLE = 1_250_050; // an amount to show how one is written

interface Props {
  source: string;
  label?: string;
  helperText?: string;
  required?: boolean;
}

type Validate = (value: unknown) => string | undefined;

function useField({ source, required }: Props, validate?: Validate) {
  const resource = useResourceContext();
  const { id, field, fieldState } = useInput({
    source,
    resource,
    defaultValue: null,
    ...(required ? { isRequired: true } : {}),
    ...(validate ? { validate } : {}),
  });
  const fault = fieldState.error?.message;
  // react-admin keeps "" for nothing.
  const value: number | null = typeof field.value === "number" ? field.value : null;
  return {
    id,
    field,
    value,
    resource,
    fault: typeof fault === "string" ? fault.replace(/^@@react-admin@@"?|"$/g, "") : undefined,
  };
}

// What is no amount stays in the form as it was typed, and keeps it from being sent.
export function MoneyInput(props: Props) {
  const currency = (useWatch({ name: "currency" }) as string | null) ?? "";
  const { plain, parse } = useFormats();
  const unreadable = useTranslate()("vendue.terms.unreadable", { example: plain(EXAMPLE, currency) });
  const isText = (given: unknown): given is string => typeof given === "string" && given !== "";
  const { id, field, value, resource, fault } = useField(props, (given) => (isText(given) ? unreadable : undefined));
  // What is being typed is kept as long as it means the value: "1." is on its way to "1.50".
  const [typed, setTyped] = useState<string | null>(null);
  const means = typed !== null && parse(typed, currency) === value;
  const wrong = isText(field.value);
  return (
    <TextField
      id={id}
      label={<FieldTitle source={props.source} resource={resource} label={props.label} isRequired={props.required} />}
      value={wrong ? field.value : means ? typed : plain(value, currency)}
      onChange={({ target }) => {
        setTyped(target.value);
        field.onChange(parse(target.value, currency) ?? (target.value.trim() ? target.value : null));
      }}
      onBlur={() => {
        setTyped(null);
        field.onBlur();
      }}
      error={!!fault || wrong}
      helperText={fault ?? (wrong ? unreadable : props.helperText) ?? " "}
      fullWidth
      slotProps={{
        htmlInput: { inputMode: "decimal", autoComplete: "off" },
        input: { startAdornment: currency ? <InputAdornment position="start">{currency}</InputAdornment> : undefined },
      }}
    />
  );
}

export function MomentInput(props: Props) {
  const { id, field, value, resource, fault } = useField(props);
  return (
    <TextField
      id={id}
      type="datetime-local"
      label={<FieldTitle source={props.source} resource={resource} label={props.label} isRequired={props.required} />}
      value={toLocal(value)}
      onChange={(event) => field.onChange(fromLocal(event.target.value))}
      onBlur={field.onBlur}
      error={!!fault}
      helperText={fault ?? props.helperText ?? " "}
      fullWidth
      slotProps={{ htmlInput: { step: 1 }, inputLabel: { shrink: true } }}
    />
  );
}

export function SpanInput({ unit, unitMs, ...props }: Props & { unit: string; unitMs: number }) {
  const { id, field, value, resource, fault } = useField(props);
  return (
    <TextField
      id={id}
      type="number"
      label={<FieldTitle source={props.source} resource={resource} label={props.label} isRequired={props.required} />}
      value={value === null ? "" : value / unitMs}
      onChange={(event) =>
        field.onChange(event.target.value === "" ? null : Math.round(Number(event.target.value) * unitMs))
      }
      onBlur={field.onBlur}
      error={!!fault}
      helperText={fault ?? props.helperText ?? " "}
      fullWidth
      slotProps={{
        htmlInput: { min: 0, step: "any" },
        input: { endAdornment: <InputAdornment position="end">{unit}</InputAdornment> },
      }}
    />
  );
}
