// The API's refusals as react-admin shows them: each fault at its field, everything else as a message.

import { HttpError } from "react-admin";
import { Refused } from "../../api/http";

type Nested = { [name: string]: string | Nested };

const AT: Record<string, string> = {
  seller: "seller.id",
  car: "car.id",
  soft_close: "soft_close.window_ms",
};

export async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw asHttpError(error);
  }
}

export function asHttpError(error: Refused): HttpError {
  const errors: Nested = {};
  for (const [path, message] of Object.entries(error.faults)) put(errors, AT[path] ?? path, message);
  const body = Object.keys(errors).length ? { ...error.body, errors } : error.body;
  return new HttpError(error.message, error.status, body);
}

function put(errors: Nested, path: string, message: string): void {
  const names = path.split(".");
  const last = names.pop() ?? path;
  let at = errors;
  for (const name of names) {
    const deeper = at[name];
    at = at[name] = typeof deeper === "object" ? deeper : {};
  }
  at[last] = message;
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof HttpError || error instanceof Refused ? error.status : undefined;
