// What is typed into fields, and back. Times are epoch ms here and local there.

// A whole number, also with its thousands grouped.
export function parseWhole(text: string): number | null {
  const bare = text.trim();
  if (!/^(\d+|\d{1,3}([.,'’\s\u00a0\u202f]\d{3})+)$/.test(bare)) return null;
  return Number(bare.replace(/\D/g, ""));
}

export function parseDecimal(text: string): number | null {
  const bare = text.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : null;
}

export function plainDecimal(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 3 }).format(value);
}

// As a field for a local time takes it; seconds where there are any.
export function toLocal(ms: number | null): string {
  if (ms === null) return "";
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, ms % 60_000 ? 19 : 16);
}

export function fromLocal(text: string): number | null {
  const ms = text ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
