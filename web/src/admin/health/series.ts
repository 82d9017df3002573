// Pictures' lines out of snapshots: rates of counters, gauges as they are, quantiles of histograms.

import type { Snapshot } from "./history";
import type { Metrics, Sample } from "./parse";

export interface Series {
  name: string;
  values: (number | null)[];
}

const total = (metrics: Metrics, name: string, fits: (sample: Sample) => boolean = () => true): number =>
  (metrics.get(name) ?? []).filter(fits).reduce((sum, { value }) => sum + value, 0);

// A counter that fell began anew: with another process, or another start of the same.
const grown = (before: number, after: number): number => (after >= before ? after - before : after);

export function rate(snapshots: readonly Snapshot[], name: string, label?: string, value?: string): (number | null)[] {
  const fits = ({ labels }: Sample) => !label || labels[label] === value;
  return snapshots.map(({ at, metrics }, index) => {
    const before = snapshots[index - 1];
    if (!before) return null;
    const count = grown(total(before.metrics, name, fits), total(metrics, name, fits));
    return count / Math.max(0.001, (at - before.at) / 1000);
  });
}

export function rates(snapshots: readonly Snapshot[], name: string, label: string): Series[] {
  const last = snapshots.at(-1);
  const values = [...new Set((last?.metrics.get(name) ?? []).map(({ labels }) => labels[label] ?? ""))].sort();
  return values.map((value) => ({ name: value, values: rate(snapshots, name, label, value) }));
}

export function gauge(snapshots: readonly Snapshot[], name: string): (number | null)[] {
  return snapshots.map(({ metrics }) => (metrics.has(name) ? total(metrics, name) : null));
}

// By how much a counter grew within the last `ms`, by a label's values.
export function increase(snapshots: readonly Snapshot[], name: string, label: string, ms: number): Map<string, number> {
  const last = snapshots.at(-1);
  const first = snapshots.find(({ at }) => last && at >= last.at - ms);
  const found = new Map<string, number>();
  if (!last || !first) return found;
  for (const { labels, value } of last.metrics.get(name) ?? []) {
    const key = labels[label] ?? "";
    const before = total(first.metrics, name, (sample) => sample.labels[label] === key);
    found.set(key, grown(before, value));
  }
  return found;
}

// The histograms there are, by the name without _bucket.
export function histograms(snapshots: readonly Snapshot[]): string[] {
  const names = [...(snapshots.at(-1)?.metrics.keys() ?? [])];
  return names.filter((name) => name.endsWith("_bucket")).map((name) => name.slice(0, -"_bucket".length));
}

const OVER = 5; // snapshots that a quantile is taken over

export function quantile(snapshots: readonly Snapshot[], name: string, q: number): (number | null)[] {
  return snapshots.map(({ metrics }, index) => {
    const before = snapshots[Math.max(0, index - OVER)];
    return before && index ? quantileOf(buckets(before.metrics, name), buckets(metrics, name), q) : null;
  });
}

type Buckets = Map<number, number>; // upper bound -> count up to it

function buckets(metrics: Metrics, name: string): Buckets {
  const found: Buckets = new Map();
  for (const { labels, value } of metrics.get(`${name}_bucket`) ?? []) {
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    found.set(bound, (found.get(bound) ?? 0) + value);
  }
  return found;
}

function quantileOf(before: Buckets, after: Buckets, q: number): number | null {
  const counted = [...after]
    .sort(([one], [other]) => one - other)
    .map(([bound, count]) => [bound, grown(before.get(bound) ?? 0, count)] as const);
  const all = counted.at(-1)?.[1] ?? 0;
  if (!all) return null;
  const rank = q * all;
  let [lower, below] = [0, 0];
  for (const [bound, count] of counted) {
    if (count >= rank) {
      if (!Number.isFinite(bound)) return lower;
      return lower + ((bound - lower) * (rank - below)) / Math.max(1, count - below);
    }
    [lower, below] = [bound, count];
  }
  return lower;
}
