// A list as a CSV file: plain values, so that a spreadsheet counts with them.

import { downloadCSV, type Exporter, type RaRecord } from "react-admin";

export const exportAs =
  (name: string, shape: (row: RaRecord) => Record<string, unknown>): Exporter =>
  (rows) =>
    downloadCSV(toCsv(rows.map(shape)), name);

export function toCsv(rows: Record<string, unknown>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(","));
  return [names.join(","), ...lines].join("\r\n");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  let text = typeof value === "object" ? JSON.stringify(value) : `${value}`;
  // A spreadsheet runs a text that begins like this.
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
