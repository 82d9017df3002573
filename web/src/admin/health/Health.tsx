// Whether the house stands: its parts, and what it does by the second.

import { Alert, AlertTitle, Box, Chip, Paper, Typography } from "@mui/material";
import { useMemo } from "react";
import { Title, useTranslate } from "react-admin";
import { type Fault, type Snapshot, useMetrics, useUnreachable } from "./history";
import { Picture } from "./Picture";
import { gauge, histograms, quantile, rate, rates, type Series } from "./series";

export default function Health() {
  const translate = useTranslate();
  const snapshots = useMetrics();
  const unreachable = useUnreachable();
  const times = useMemo(() => snapshots.map(({ at }) => at / 1000), [snapshots]);
  const pictures = useMemo(() => picturesOf(snapshots), [snapshots]);
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <Title title={translate("vendue.health.title")} />
      {unreachable && <Alert severity="error">{translate("vendue.unreachable")}</Alert>}
      <Parts parts={snapshots.at(-1)?.parts ?? {}} faults={snapshots.at(-1)?.faults ?? {}} />
      <Box
        sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "repeat(2, minmax(0, 1fr))" } }}
      >
        {pictures.map(({ title, name, unit, series }) => (
          <Picture
            key={title + (name ?? "")}
            title={translate(`vendue.health.${title}`, { name })}
            unit={translate(`vendue.health.unit_${unit}`)}
            times={times}
            series={series.map((each) => ({ ...each, name: named(each.name, translate) }))}
          />
        ))}
      </Box>
      <Typography variant="body2" color="textSecondary">
        {translate("vendue.health.about")}
      </Typography>
    </Box>
  );
}

function named(name: string, translate: ReturnType<typeof useTranslate>): string {
  return translate(`vendue.outcome.${name}`, { _: translate(`vendue.health.series_${name}`, { _: name }) });
}

interface Drawn {
  title: string;
  name?: string;
  unit: "per_second" | "ms" | "count" | "percent" | "mb";
  series: Series[];
}

function picturesOf(snapshots: readonly Snapshot[]): Drawn[] {
  const scaled = (values: (number | null)[], by: number) => values.map((value) => (value === null ? null : value * by));
  const one = (name: string, values: (number | null)[]): Series[] => [{ name, values }];
  // A server that measures how long something takes has a picture of it, under whatever name.
  const measured = histograms(snapshots).map(
    (name): Drawn => ({
      title: name.endsWith("_seconds") ? "latency" : "size",
      name: name
        .replace(/^vendue_/, "")
        .replace(/_seconds$/, "")
        .replaceAll("_", " "),
      unit: name.endsWith("_seconds") ? "ms" : "count",
      series: [0.5, 0.99].map((q) => ({
        name: `p${q * 100}`,
        values: scaled(quantile(snapshots, name, q), name.endsWith("_seconds") ? 1000 : 1),
      })),
    }),
  );
  return [
    { title: "bids", unit: "per_second", series: rates(snapshots, "vendue_bids_total", "result") },
    ...measured,
    { title: "lag", unit: "count", series: one("commands", gauge(snapshots, "vendue_engine_lag_commands")) },
    { title: "watchers", unit: "count", series: one("connections", gauge(snapshots, "vendue_watchers")) },
    {
      title: "frames",
      unit: "per_second",
      series: [
        { name: "sent", values: rate(snapshots, "vendue_frames_total") },
        { name: "merged", values: rate(snapshots, "vendue_frames_merged_total") },
      ],
    },
    {
      title: "round_trip",
      unit: "ms",
      series: one(
        "health",
        snapshots.map(({ roundTripMs }) => roundTripMs),
      ),
    },
    {
      title: "processor",
      unit: "percent",
      series: one("processor", scaled(rate(snapshots, "process_cpu_seconds_total"), 100)),
    },
    {
      title: "memory",
      unit: "mb",
      series: one("memory", scaled(gauge(snapshots, "process_resident_memory_bytes"), 1e-6)),
    },
  ];
}

function Parts({ parts, faults }: { parts: Record<string, string>; faults: Record<string, Fault> }) {
  const translate = useTranslate();
  const part = (name: string) => translate(`vendue.health.part_${name}`, { _: name });
  return (
    <Paper component="section" aria-labelledby="parts" sx={{ p: 2 }}>
      <Typography id="parts" component="h2" variant="h6" sx={{ mb: 1 }}>
        {translate("vendue.health.parts")}
      </Typography>
      <Box component="ul" sx={{ display: "flex", flexWrap: "wrap", gap: 1, m: 0, p: 0, listStyle: "none" }}>
        {Object.entries(parts).map(([name, state]) => (
          <li key={name}>
            <Chip
              variant="outlined"
              color={state === "up" ? "success" : "error"}
              label={`${part(name)}: ${translate(`vendue.health.${state}`)}`}
            />
          </li>
        ))}
      </Box>
      {Object.entries(faults).map(([name, { detail, advice }]) => (
        <Alert key={name} severity="error" sx={{ mt: 1 }} lang="en">
          <AlertTitle>{`${part(name)}: ${detail}`}</AlertTitle>
          {advice}
        </Alert>
      ))}
    </Paper>
  );
}
