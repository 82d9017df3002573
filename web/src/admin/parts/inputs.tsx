// Fields of a form that keep minor units, epoch ms and spans, and show what people write.

import { InputAdornment, TextField } from "@mui/material";
import { useState } from "react";
import { FieldTitle, useInput, useResourceContext } from "react-admin";
import { useWatch } from "react-hook-form";
import { fromMinor, toMinor } from "./amount";
import { fromLocal, toLocal } from "./moment";

interface Props {
  source: string;
  label?: string;
  helperText?: string;
  required?: boolean;
}

function useField({ source, required }: Props) {
  const resource = useResourceContext();
  const { id, field, fieldState } = useInput({
    source,
    resource,
    defaultValue: null,
    ...(required ? { isRequired: true } : {}),
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

export function MoneyInput(props: Props) {
  const { id, field, value, resource, fault } = useField(props);
  const currency = (useWatch({ name: "currency" }) as string | null) ?? "";
  // What is being typed is kept as long as it means the value: "1." is on its way to "1.50".
  const [typed, setTyped] = useState<string | null>(null);
  const means = typed !== null && toMinor(typed, currency) === value;
  const wrong = typed !== null && typed !== "" && toMinor(typed, currency) === null;
  return (
    <TextField
      id={id}
      label={<FieldTitle source={props.source} resource={resource} label={props.label} isRequired={props.required} />}
      value={typed !== null && (means || wrong) ? typed : fromMinor(value, currency)}
      onChange={(event) => {
        setTyped(event.target.value);
        field.onChange(toMinor(event.target.value, currency));
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
        field.onBlur();
      }}
      error={!!fault || wrong}
      helperText={fault ?? props.helperText ?? " "}
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
