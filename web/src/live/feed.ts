// What the live feed tells, kept by auction: the newest standing, the signed-in bidder's position. One per page.

import { currentSession, onSession, renew } from "../api/session";
import type { Position, Standing } from "../api/types";
import { forgetSamples, sampleClock } from "./clock";
import { type Frame, type Link, Socket } from "./socket";

export const OPEN = ["scheduled", "live", "pending_approval", "countered"];

type Listener = () => void;
type Heard = (auction: string) => void;

const standings = new Map<string, Standing>();
const positions = new Map<string, Position>();
const watched = new Map<string, number>(); // auctions asked for by name, by how many
const listeners = new Map<string, Set<Heard>>(); // by auction; "" hears of every one
const linkListeners = new Set<Listener>();
let tokenSent: string | null = null;
let wantsAll = false;

const socket = new Socket(opened, pushed, () => {
  for (const listener of linkListeners) listener();
});

export const standingOf = (auction: string) => standings.get(auction);
export const positionOf = (auction: string) => positions.get(auction);
export const allPositions = (): ReadonlyMap<string, Position> => positions;
export const currentLink = (): Link => socket.link;

export function startFeed(): void {
  socket.connect();
  onSession(sessionChanged);
  document.addEventListener("visibilitychange", () => document.hidden || forgetSamples());
}

// Hear of one auction, or with "" of all that the feed names.
export function onAuction(auction: string, listener: Heard): () => void {
  const those = listeners.get(auction) ?? new Set();
  listeners.set(auction, those.add(listener));
  return () => those.delete(listener);
}

export function onLink(listener: Listener): () => void {
  linkListeners.add(listener);
  return () => linkListeners.delete(listener);
}

// Every live auction, also those that open later.
export function watchLive(): void {
  if (wantsAll) return;
  wantsAll = true;
  socket.send({ subscribe: "live", since: known() });
}

// By name: an auction that is not live, or whose end must be heard. Call what is returned to stop.
export function watch(auctions: string[]): () => void {
  const fresh = auctions.filter((each) => !watched.has(each));
  for (const each of auctions) watched.set(each, (watched.get(each) ?? 0) + 1);
  if (fresh.length) socket.send({ subscribe: fresh, since: known() });
  return () => {
    const gone = auctions.filter((each) => {
      const left = (watched.get(each) ?? 1) - 1;
      if (left) watched.set(each, left);
      else watched.delete(each);
      return !left;
    });
    if (gone.length) socket.send({ unsubscribe: gone });
  };
}

// From a list or an answer to a bid; the newer of two stays.
export function takeStanding(standing: Standing): void {
  const had = standings.get(standing.auction);
  if (had && had.seq >= standing.seq) return;
  standings.set(standing.auction, standing);
  tell(standing.auction);
}

function opened(): void {
  tokenSent = null;
  authenticate();
  if (wantsAll) socket.send({ subscribe: "live", since: known() });
  socket.send({ subscribe: [...watched.keys()], since: known() }, () => socket.established());
}

function sessionChanged(): void {
  const { token } = currentSession();
  if (token) authenticate();
  else if (tokenSent) becomeNobody();
}

function becomeNobody(): void {
  const those = [...positions.keys()];
  positions.clear();
  for (const auction of those) tell(auction);
  socket.startAfresh();
}

function authenticate(): void {
  const { token } = currentSession();
  if (!token || token === tokenSent) return;
  const renewed = tokenSent !== null;
  tokenSent = token;
  socket.send({ auth: token });
  // Where I stand is told when a lot is subscribed to.
  if (!renewed && watched.size) socket.send({ subscribe: [...watched.keys()], since: known() });
}

function pushed(frame: Frame): void {
  if (frame.now) sampleClock(frame.now);
  if (frame.standing) takeStanding(frame.standing as Standing);
  if (frame.you && currentSession().token) {
    const position = frame.you as Position;
    positions.set(position.auction, position);
    tell(position.auction);
  }
  if (frame.error?.code === "UnauthorizedError") renew();
}

// What was seen of what is asked for again.
function known(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [auction, standing] of standings) {
    if (watched.has(auction) || standing.status === "live") found[auction] = standing.seq;
  }
  return found;
}

function tell(auction: string): void {
  for (const listener of listeners.get(auction) ?? []) listener(auction);
  for (const listener of listeners.get("") ?? []) listener(auction);
}
