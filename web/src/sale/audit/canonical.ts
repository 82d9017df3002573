// The bytes that are hashed: RFC 8785 JSON of what has ASCII keys and whole numbers, as all events have.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`);
  return `{${parts.join(",")}}`;
}

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// The commitment to a hidden part; null where the salt is none.
export async function commitmentOf(hidden: Json, salt: unknown): Promise<string | null> {
  if (typeof salt !== "string" || !/^([0-9a-f]{2})*$/.test(salt)) return null;
  const salted = Uint8Array.from(salt.match(/../g) ?? [], (each) => Number.parseInt(each, 16));
  const opening = bytesOf(canonical(hidden));
  const both = new Uint8Array(salted.length + opening.length);
  both.set(salted);
  both.set(opening, salted.length);
  return sha256(both);
}

// base64url without padding; null where it is none.
export function fromBase64(text: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  } catch {
    return null;
  }
}
