// A form of an account: what is wrong with it, at its fields, in the reader's words where we have them.

import { useState } from "react";
import { useTranslations } from "use-intl";
import { ask, Refused } from "../../api/http";
import { enter } from "../../api/session";
import type { User } from "../../api/types";

export const LEAST_PASSWORD = 8;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const USERNAME = /^[^\s@][^@]{1,58}[^\s@]$/;

export type Faults = Record<string, string | undefined>;

// The server's sentences that come without a field.
const SENTENCES = {
  "Invalid identifier or password": "wrong",
  "Your account has been blocked by an administrator": "blocked",
  "Email or Username are already taken": "taken",
  "Incorrect code provided": "usedCode",
} as const;

export function useChecks() {
  const t = useTranslations("entry.faults");
  return {
    filled: (text: string) => (text ? undefined : t("missing")),
    email: (text: string) => (EMAIL.test(text) ? undefined : t("notAnEmail")),
    username: (text: string) => (USERNAME.test(text) ? undefined : t("badUsername")),
    password: (text: string) =>
      [...text].length < LEAST_PASSWORD ? t("tooShort", { least: LEAST_PASSWORD }) : undefined,
    same: (text: string, other: string) => (text === other ? undefined : t("notTheSame")),
  };
}

interface Sending {
  busy: boolean;
  fault: string | null;
  faults: Faults;
  check: (found: Faults) => boolean; // shows them; whether there are none
  send: <T>(path: string, json: unknown) => Promise<T | null>;
  sendAndEnter: (path: string, json: unknown) => Promise<void>;
}

export function useSending(): Sending {
  const t = useTranslations("entry.faults");
  const parts = useTranslations("parts");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [faults, setFaults] = useState<Faults>({});

  const explain = (error: unknown) => {
    if (!(error instanceof Refused)) return setFault(parts("unreachable"));
    setFaults(error.faults);
    if (Object.keys(error.faults).length) return;
    const known = SENTENCES[error.body.message as keyof typeof SENTENCES];
    if (error.status === 429) setFault(t("tooMany", { seconds: error.retryAfterS ?? 10 }));
    else setFault(known ? t(known) : error.message);
  };
  const check = (found: Faults) => {
    setFault(null);
    setFaults(found);
    return !Object.values(found).some(Boolean);
  };
  const send = async <T>(path: string, json: unknown): Promise<T | null> => {
    setBusy(true);
    setFault(null);
    try {
      return (await ask<T>(path, { method: "POST", json })).body;
    } catch (error) {
      explain(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const sendAndEnter = async (path: string, json: unknown) => {
    const entered = await send<{ jwt: string; user: User }>(path, json);
    if (entered) enter(entered);
  };
  return { busy, fault, faults, check, send, sendAndEnter };
}
