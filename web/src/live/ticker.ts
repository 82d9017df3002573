// One clock for all countdowns, ten times a second while something shows one and somebody looks. In the app they write
// text themselves: React has no part in a tick.

type Listener = () => void;

const TICK_MS = 100;
const listeners = new Set<Listener>();
let running: ReturnType<typeof setInterval> | undefined;

export function onTick(listener: Listener): () => void {
  listeners.add(listener);
  running ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    clearInterval(running);
    running = undefined;
  };
}

function tick(): void {
  if (document.hidden) return;
  for (const listener of listeners) listener();
}
