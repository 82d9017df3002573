// A car as it is typed, and as the API takes it.

import type { Faults } from "../../own/useSaving";
import type { CarRow } from "../data";
import { parseWhole } from "../terms/numbers";

export const TEXTS = ["make", "model", "vin", "condition", "location", "description"] as const;
export const NUMBERS = ["year", "mileage"] as const;
export type CarField = (typeof TEXTS)[number] | (typeof NUMBERS)[number];
export type Typed = Record<CarField, string>;

export function typedOf(car: CarRow | undefined): Typed {
  const found = Object.fromEntries([...TEXTS, ...NUMBERS].map((name) => [name, String(car?.[name] ?? "")]));
  return found as Typed;
}

export function readCar(typed: Typed, notANumber: string): { values: object; faults: Faults } {
  const faults: Faults = {};
  const texts = TEXTS.map((name) => [name, typed[name].trim() || null]);
  const numbers = NUMBERS.map((name) => {
    const text = typed[name].trim();
    const value = text ? parseWhole(text) : null;
    if (text && value === null) faults[name] = notANumber;
    return [name, value];
  });
  return { values: Object.fromEntries([...texts, ...numbers]), faults };
}
