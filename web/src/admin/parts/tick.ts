// One clock for every countdown on a page: the server's, told four times a second.

import { useSyncExternalStore } from "react";
import { serverNow } from "../../live/clock";

const EVERY_MS = 250;
const listeners = new Set<() => void>();
let now = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  if (!listeners.size) {
    now = serverNow();
    timer = setInterval(() => {
      now = serverNow();
      for (const each of listeners) each();
    }, EVERY_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (!listeners.size) clearInterval(timer);
  };
}

// What `read` makes of the time; a component renders again only when that is another.
export function useTick<T extends string | number | boolean>(read: (now: number) => T): T {
  return useSyncExternalStore(listen, () => read(now));
}
