// One way to ask the API. Refusals are `Refused`, a server that cannot be reached is `Unreachable`.

import { sampleDate } from "../live/clock";
import { takeEarly } from "./early";
import { currentSession, renew } from "./session";
import type { ErrorBody, Fault } from "./types";

const ANSWER_WITHIN_MS = 8_000;

export class Refused extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterS: number | null;

  constructor(body: ErrorBody, retryAfterS: number | null) {
    super(body.details?.errors?.map((fault) => fault.message).join(". ") || body.message);
    this.status = body.status;
    this.body = body;
    this.retryAfterS = retryAfterS;
  }

  // The faults by the name of their field, as forms show them.
  get faults(): Record<string, string> {
    const named = (this.body.details?.errors ?? []).filter(
      (fault): fault is Fault & { path: string[] } => !!fault.path?.length,
    );
    return Object.fromEntries(named.map((fault) => [fault.path.join("."), fault.message]));
  }
}

export class Unreachable extends Error {}

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

// The whole answer of a request that was not refused.
export async function ask<T>(path: string, options: Ask = {}): Promise<Answer<T>> {
  const token = currentSession().token;
  const response = await send(path, options, token);
  // A token may have run out on the way.
  if (response.status === 401 && token && (await renew()))
    return read(await send(path, options, currentSession().token));
  return read(response);
}

// The answer's body.
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, { signal })).body;
}

// The answer's body as text, of what is no JSON.
export async function getText(path: string): Promise<string> {
  const response = await send(path, {}, currentSession().token);
  if (!response.ok) await read(response);
  return response.text();
}

async function send(
  path: string,
  { method = "GET", json, form, headers, signal }: Ask,
  token: string | null,
): Promise<Response> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const early = method === "GET" && !token ? takeEarly(path) : null;
    const response = await (early ??
      fetch(path, {
        method,
        headers: {
          Accept: "application/json",
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(json === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        body: json === undefined ? form : JSON.stringify(json),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      }));
    sampleDate(response.headers.get("Date"));
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("The server cannot be reached.");
  }
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text().catch(() => {
    throw new Unreachable("The connection was lost.");
  });
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // Something between here and the server answered in its stead.
    throw new Unreachable(`The server answered ${response.status}.`);
  }
  if (response.ok) return { status: response.status, body: body as T, headers: response.headers };
  const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const error = (body as { error?: ErrorBody } | null)?.error;
  const fallback = {
    status: response.status,
    name: "Error",
    message: `The server answered ${response.status}.`,
    details: {},
  };
  throw new Refused(error ?? fallback, Number.isFinite(after) ? after : null);
}
