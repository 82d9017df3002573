// A row as react-admin keeps it: `id` is the documentId, also of the rows it is populated with.

import type { RaRecord } from "react-admin";

export interface Raw {
  documentId: string;
  [name: string]: unknown;
}

export function toRecord(raw: Raw, etag?: string | null): RaRecord {
  const entries = Object.entries(raw).map(([name, value]) => [name, inner(value)]);
  return { ...Object.fromEntries(entries), id: raw.documentId, number: raw.id, ...(etag ? { etag } : {}) };
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner);
  const raw = value as Raw | null;
  return raw && typeof raw === "object" && "documentId" in raw ? toRecord(raw) : value;
}
