// Prometheus's text format: name{label="value"} figure.

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export type Metrics = Map<string, Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseMetrics(text: string): Metrics {
  const found: Metrics = new Map();
  for (const line of text.split("\n")) {
    const match = line.startsWith("#") ? null : LINE.exec(line);
    if (!match?.[1]) continue;
    const labels = Object.fromEntries([...(match[2] ?? "").matchAll(LABEL)].map(([, name, value]) => [name, value]));
    const value = match[3] === "+Inf" ? Number.POSITIVE_INFINITY : Number(match[3]);
    const samples = found.get(match[1]) ?? [];
    samples.push({ labels, value });
    found.set(match[1], samples);
  }
  return found;
}
