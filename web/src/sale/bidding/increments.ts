// How far the next bid must be above a price: the tables of docs/rules.md.

import { digits } from "../../words/money";

type Table = [from: number, step: number][];

// In whole units of the currency.
const CARS: Table = [
  [1, 1],
  [5, 5],
  [40, 10],
  [100, 25],
  [1_000, 50],
  [5_000, 100],
  [25_000, 250],
  [50_000, 500],
  [100_000, 1_000],
];
const US: Table = [
  [0, 0.05],
  [1, 0.25],
  [5, 0.5],
  [25, 1],
  [100, 2.5],
  [250, 5],
  [500, 10],
  [1_000, 25],
  [2_500, 50],
  [5_000, 100],
];

// In minor units, as `amount` is.
export function increment(increments: string | Table | null, currency: string, amount: number): number {
  const unit = 10 ** digits(currency);
  const whole = increments === "us" ? US : CARS;
  const table = Array.isArray(increments)
    ? increments
    : whole.map(([from, step]): [number, number] => [from * unit, step * unit]);
  const found = table.findLast(([from]) => from <= amount) ?? table[0];
  return Math.max(1, Math.round(found?.[1] ?? 1));
}

// A few amounts to choose from: the least, and some steps above it.
export function nextBids(increments: string | Table | null, currency: string, least: number): number[] {
  const step = increment(increments, currency, least);
  return [least, least + step, least + 3 * step, least + 6 * step];
}

// The first whole step that is at least `amount`: what one who raises a maximum by a cent means.
export function nextStep(increments: string | Table | null, currency: string, amount: number): number {
  const step = increment(increments, currency, amount);
  return Math.ceil(amount / step) * step;
}
