// How long until something, in few words: days far off, minutes and seconds near, a tenth of a second in the last minute.

const formats = new Map<string, Intl.NumberFormat>();

function unit(locale: string, name: string, display: "long" | "narrow", digits: number): Intl.NumberFormat {
  const key = `${locale} ${name} ${display} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    format = new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: display, ...fraction });
    formats.set(key, format);
  }
  return format;
}

export function remaining(ms: number, locale: string): string {
  if (ms < 60_000) return unit(locale, "second", "narrow", 1).format(Math.floor(Math.max(0, ms) / 100) / 10);
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return unit(locale, "day", "long", 0).format(Math.floor(hours / 24));
  if (!hours) return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  return `${unit(locale, "hour", "narrow", 0).format(hours)} ${unit(locale, "minute", "narrow", 0).format(minutes % 60)}`;
}
