// Ten minutes of /metrics and /health, asked every two seconds while somebody looks.

import { useSyncExternalStore } from "react";
import { type Metrics, parseMetrics } from "./parse";

const EVERY_MS = 2_000;
const KEPT = 300;

// Why a part is down and what to do about it, as the server says it: in English.
export interface Fault {
  detail: string;
  advice: string;
}

export interface Snapshot {
  at: number; // epoch ms, of this machine
  metrics: Metrics;
  parts: Record<string, string>; // part -> up or down
  faults: Record<string, Fault>; // of the parts that are down
  roundTripMs: number;
}

const listeners = new Set<() => void>();
let snapshots: readonly Snapshot[] = [];
let unreachable = false;
let timer: ReturnType<typeof setTimeout> | undefined;

async function read(): Promise<void> {
  const started = performance.now();
  try {
    const health = await fetch("/health");
    const roundTripMs = performance.now() - started;
    const { parts = {}, faults = {} } = await health.json();
    const text = await (await fetch("/metrics")).text();
    const metrics = parseMetrics(text);
    snapshots = [...snapshots.slice(1 - KEPT), { at: Date.now(), metrics, parts, faults, roundTripMs }];
    unreachable = false;
  } catch {
    unreachable = true;
  }
  for (const listener of listeners) listener();
  if (listeners.size) timer = setTimeout(read, EVERY_MS);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) void read();
  return () => {
    listeners.delete(listener);
    if (!listeners.size) clearTimeout(timer);
  };
}

export const useMetrics = (): readonly Snapshot[] => useSyncExternalStore(listen, () => snapshots);

export const useUnreachable = (): boolean => useSyncExternalStore(listen, () => unreachable);
