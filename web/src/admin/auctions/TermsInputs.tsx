// All terms of an auction: what a format does not have is not asked, and not sent.

import { Box, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { BooleanInput, NumberInput, SelectInput, TextInput, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { MomentInput, MoneyInput, SpanInput } from "../parts/inputs";
import { IncrementsInput } from "./IncrementsInput";
import { FORMATS } from "./terms";

export function TermsInputs() {
  const translate = useTranslate();
  const format = useWatch({ name: "format" }) as string | null;
  const onApproval = useWatch({ name: "sale_terms" }) === "on_approval";
  const english = format === "english";
  const dutch = format === "dutch";
  const choices = (group: string, ids: string[]) => ids.map((id) => ({ id, name: translate(`vendue.${group}.${id}`) }));
  const unit = (name: string) => translate(`vendue.unit.${name}`);
  return (
    <>
      <Part title="sale">
        <SelectInput source="format" choices={choices("format", FORMATS)} />
        <TextInput
          source="currency"
          parse={(text: string) => text.toUpperCase() || null}
          slotProps={{ htmlInput: { maxLength: 3 } }}
        />
        <MomentInput source="starts_at" helperText={translate("vendue.terms.starts_now")} />
        <MomentInput source="ends_at" />
      </Part>
      <Part title="price">
        <MoneyInput source="starting_price" />
        {!dutch && <MoneyInput source="reserve_price" helperText={translate("vendue.terms.reserve")} />}
        {english && <MoneyInput source="buy_now_price" />}
        {english && <IncrementsInput source="increments" />}
        {english && <NumberInput source="max_jump_percent" step={1} helperText="vendue.terms.max_jump" />}
        {english && <BooleanInput source="proxy" helperText="vendue.terms.proxy" />}
        {dutch && <MoneyInput source="floor_price" />}
        {dutch && <MoneyInput source="decrement" />}
        {dutch && <SpanInput source="decrement_every_ms" unit={unit("s")} unitMs={1000} />}
      </Part>
      {english && (
        <Part title="soft_close" help={translate("vendue.terms.soft_close_help")}>
          <SpanInput source="soft_close.window_ms" unit={unit("s")} unitMs={1000} />
          <SpanInput source="soft_close.extend_ms" unit={unit("s")} unitMs={1000} />
          <SelectInput source="soft_close.mode" choices={choices("soft_close_mode", ["reset", "add"])} />
          <SpanInput source="soft_close.max_extension_ms" unit={unit("min")} unitMs={60_000} />
        </Part>
      )}
      <Part title="after">
        <SelectInput source="sale_terms" choices={choices("sale_terms", ["pure", "on_approval"])} />
        {onApproval && <SpanInput source="approval_ms" unit={unit("h")} unitMs={3_600_000} />}
      </Part>
    </>
  );
}

function Part({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  const translate = useTranslate();
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, mt: 2, width: "100%", maxWidth: 900 }}>
      <Typography component="legend" variant="subtitle1" sx={{ fontWeight: 650 }}>
        {translate(`vendue.terms.${title}`)}
      </Typography>
      {help && (
        <Typography variant="body2" color="textSecondary">
          {help}
        </Typography>
      )}
      <Box sx={{ display: "grid", columnGap: 2, gridTemplateColumns: { sm: "1fr 1fr", md: "1fr 1fr 1fr" } }}>
        {children}
      </Box>
    </Box>
  );
}
