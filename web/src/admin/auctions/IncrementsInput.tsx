// How far a bid must go beyond the price: a table by its name, or one's own as "from: step" lines in minor units.

import { Box, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { FieldTitle, useInput, useResourceContext, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { fromMinor, toMinor } from "../parts/amount";

type Steps = [number, number][];

export function IncrementsInput({ source }: { source: string }) {
  const translate = useTranslate();
  const resource = useResourceContext();
  const currency = (useWatch({ name: "currency" }) as string | null) ?? "";
  const { id, field, fieldState } = useInput({ source, defaultValue: null });
  const value = field.value as string | Steps | null;
  const [text, setText] = useState(Array.isArray(value) ? toLines(value, currency) : "");
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
        onChange={({ target }) =>
          field.onChange(target.value === "own" ? (fromLines(text, currency) ?? []) : target.value)
        }
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
            field.onChange(fromLines(target.value, currency) ?? []);
          }}
          error={!!fault || fromLines(text, currency) === null}
          helperText={fault ?? translate("vendue.increments.help")}
        />
      )}
    </Box>
  );
}

const toLines = (steps: Steps, currency: string) =>
  steps.map(([from, step]) => `${fromMinor(from, currency)}: ${fromMinor(step, currency)}`).join("\n");

function fromLines(text: string, currency: string): Steps | null {
  const lines = text.split("\n").filter((line) => line.trim());
  const steps = lines.map((line) => line.split(":").map((each) => toMinor(each, currency)));
  const whole = steps.every((each) => each.length === 2 && each.every((value) => value !== null));
  return lines.length && whole ? (steps as Steps) : null;
}
