// Strapi's queries: nested objects and lists become brackets.

export type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };

export function toQuery(value: { [key: string]: Value }): string {
  return pairs(value, "")
    .map(([key, text]) => `${key}=${encodeURIComponent(text)}`)
    .join("&");
}

function pairs(value: Value, path: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object") return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => pairs(inner, path ? `${path}[${key}]` : key));
}
