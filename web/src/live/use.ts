// The feed and the session as hooks.

import { useEffect, useSyncExternalStore } from "react";
import { currentSession, onSession, type Session } from "../api/session";
import type { Position, Standing } from "../api/types";
import { serverNow } from "./clock";
import { currentLink, onAuction, onLink, positionOf, standingOf, watch } from "./feed";
import type { Link } from "./socket";
import { onTick } from "./ticker";

export const useLink = (): Link => useSyncExternalStore(onLink, currentLink);

export const useSession = (): Session => useSyncExternalStore(onSession, currentSession);

export function useStanding(auction: string): Standing | undefined {
  return useSyncExternalStore(
    (listener) => onAuction(auction, listener),
    () => standingOf(auction),
  );
}

export function usePosition(auction: string): Position | undefined {
  return useSyncExternalStore(
    (listener) => onAuction(auction, listener),
    () => positionOf(auction),
  );
}

// As long as the caller is shown; `auctions` by value.
export function useWatch(auctions: string[]): void {
  const names = auctions.join();
  useEffect(() => watch(names ? names.split(",") : []), [names]);
}

// What `read` makes of the server's time; the caller renders again only when that is another.
export const useTick = <T extends string | number | boolean>(read: (now: number) => T): T =>
  useSyncExternalStore(onTick, () => read(serverNow()));
