// Who is signed in. A token is good for minutes and lives in memory alone; a cookie that no script can read renews it.

import type { User } from "./types";

const HINT = "vendue-signed-in"; // who is, by the last tab that heard: there may be a cookie to renew by
const RENEW_BEFORE_S = 60;
const AGAIN_MS = 4_000; // after a renewal that nobody answered: that says nothing about who is signed in
const ANSWER_WITHIN_MS = 8_000;

export interface Session {
  readonly token: string | null;
  readonly user: User | null;
  readonly known: boolean; // whether it was found out yet
  readonly ranOut: boolean; // nobody, but who was here did not leave: he may come back
}

const NOBODY: Session = { token: null, user: null, known: true, ranOut: false };
let session: Session = { ...NOBODY, known: false };
let renewal: ReturnType<typeof setTimeout> | undefined;
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

export const currentSession = () => session;

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

export function startSession(): Promise<unknown> {
  addEventListener("storage", ({ key, newValue }) => key === HINT && follow(newValue));
  if (localStorage.getItem(HINT)) return renew().then((done) => done || become(NOBODY));
  become(NOBODY);
  return Promise.resolve();
}

// What another tab did holds here too: whoever left there must not go on bidding here.
function follow(who: string | null): void {
  if (who === (session.user?.documentId ?? null)) return;
  if (session.user) leave();
  if (who) renew();
}

export function enter({ jwt, user }: { jwt: string; user: User }): void {
  const claims = jwt.split(".")[1] ?? "";
  const { iat, exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
  if (session.user && session.user.documentId !== user.documentId) leave(); // nothing of one is told to the other
  later(Math.max(10, exp - iat - RENEW_BEFORE_S) * 1000);
  localStorage.setItem(HINT, user.documentId);
  become({ token: jwt, user, known: true, ranOut: false });
}

// A cookie is good for one turn, so of several tabs one renews at a time. True where there is a new token.
export function renew(): Promise<boolean> {
  renewing ??= (navigator.locks ? navigator.locks.request("vendue-renew", renewNow) : renewNow())
    .catch(() => false)
    .then((done) => {
      renewing = null;
      if (!done && localStorage.getItem(HINT)) later(AGAIN_MS);
      return done;
    });
  return renewing;
}

function later(ms: number): void {
  clearTimeout(renewal);
  renewal = setTimeout(renew, ms);
}

async function renewNow(): Promise<boolean> {
  const response = await fetch("/api/auth/refresh", { method: "POST", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (response.status === 401) {
    localStorage.removeItem(HINT);
    leave(session.user !== null);
  }
  if (response.status !== 200) return false;
  enter(await response.json());
  return true;
}

export function setUser(user: User): void {
  become({ ...session, user });
}

export async function signOut(): Promise<void> {
  localStorage.removeItem(HINT);
  leave();
  await fetch("/api/auth/logout", { method: "POST" }).catch(() => undefined);
}

function leave(ranOut = false): void {
  clearTimeout(renewal);
  become({ ...NOBODY, ranOut });
}
