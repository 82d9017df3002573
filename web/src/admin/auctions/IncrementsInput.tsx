// How far a bid must go beyond the price: a table by its name, or one's own as "from: step" lines in minor units.

import { Box, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { FieldTitle, useInput, useResourceContext, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { type Formats, useFormats } from "../parts/formats";

type Steps = [number, number][];

export function IncrementsInput({ source }: { source: string }) {
  const translate = useTranslate();
  const resource = useResourceContext();
  const currency = (useWatch({ name: "currency" }) as string | null) ?? "";
  const { id, field, fieldState } = useInput({ source, defaultValue: null });
  const value = field.value as string | Steps | null;
  const { plain, parse } = useFormats();
  const [text, setText] = useState(Array.isArray(value) ? toLines(value, currency, plain) : "");
  const steps = (typed: string) => fromLines(typed, currency, parse);
  const own = Array.isArray(value);
  const fault = fieldState.error?.message;
  return (
    <Box>
      <TextField
        id={id}
        select
        fullWidth
        label={<FieldTitle source={source} resource={resource} />}
        value={own ? "own" : (value ?? "cars")}
        onChange={({ target }) => field.onChange(target.value === "own" ? (steps(text) ?? []) : target.value)}
        error={!!fault && !own}
        helperText={(!own && fault) || " "}
      >
        {["cars", "us", "own"].map((name) => (
          <MenuItem key={name} value={name}>
            {translate(`vendue.increments.${name}`)}
          </MenuItem>
        ))}
      </TextField>
      {own && (
        <TextField
          label={translate("vendue.increments.lines")}
          multiline
          minRows={3}
          fullWidth
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            field.onChange(steps(target.value) ?? []);
          }}
          error={!!fault || steps(text) === null}
          helperText={fault ?? translate("vendue.increments.help")}
        />
      )}
    </Box>
  );
}

const toLines = (steps: Steps, currency: string, plain: Formats["plain"]) =>
  steps.map(([from, step]) => `${plain(from, currency)}: ${plain(step, currency)}`).join("\n");

function fromLines(text: string, currency: string, parse: Formats["parse"]): Steps | null {
  const lines = text.split("\n").filter((line) => line.trim());
  // From nothing on is no amount, and yet where a table may begin.
  const amount = (typed: string) => (typed.trim() === "0" ? 0 : parse(typed, currency));
  const steps = lines.map((line) => line.split(":").map(amount));
  const whole = steps.every((each) => each.length === 2 && each.every((value) => value !== null));
  return lines.length && whole ? (steps as Steps) : null;
}
