// What is searched for: as the address says it, and as the API is asked.

import { toQuery, type Value } from "../../api/query";
import type { Format, Status } from "../../api/types";
import { serverNow } from "../../live/clock";
import { digits } from "../../words/money";

export const TABS = ["live", "upcoming", "finished"] as const;
export type Tab = (typeof TABS)[number];

export const SORTS = ["soonest", "newest", "cheapest", "dearest", "mostBids", "youngest", "leastDriven"] as const;
export type Sort = (typeof SORTS)[number];

export const FORMATS: Format[] = ["english", "dutch", "sealed_first_price", "sealed_second_price"];
export const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "AUD", "JPY"];
export const AT_ONCE = 48; // rows a page
export const SOON_MS = 3_600_000;

export interface Filters {
  tab: Tab;
  q: string;
  make: string;
  yearFrom: number | null;
  yearTo: number | null;
  mileageMax: number | null;
  priceFrom: number | null; // whole units of the currency
  priceTo: number | null;
  currency: string; // "" for any
  format: Format | "";
  soon: boolean;
  sort: Sort;
}

const NUMBERS = ["yearFrom", "yearTo", "mileageMax", "priceFrom", "priceTo"] as const;
const STATUSES: Record<Tab, Status[]> = {
  live: ["live"],
  upcoming: ["scheduled"],
  finished: ["sold", "unsold", "pending_approval", "countered", "cancelled"],
};

const oneOf = <T extends string>(text: string | null, among: readonly T[], usual: T): T =>
  among.find((each) => each === text) ?? usual;

const whole = (text: string | null): number | null => (text && /^\d{1,9}$/.test(text) ? Number(text) : null);

export function readFilters(params: URLSearchParams): Filters {
  const [yearFrom = null, yearTo = null, mileageMax = null, priceFrom = null, priceTo = null] = NUMBERS.map((name) =>
    whole(params.get(name)),
  );
  return {
    tab: oneOf(params.get("tab"), TABS, "live"),
    q: params.get("q")?.slice(0, 100) ?? "",
    make: params.get("make")?.slice(0, 60) ?? "",
    yearFrom,
    yearTo,
    mileageMax,
    priceFrom,
    priceTo,
    currency: oneOf(params.get("currency"), ["", ...CURRENCIES], ""),
    format: oneOf<Format | "">(params.get("format"), ["", ...FORMATS], ""),
    soon: params.get("soon") === "1",
    sort: oneOf(params.get("sort"), SORTS, "soonest"),
  };
}

// Only what is not as usual stands in the address.
export function writeFilters(filters: Filters): URLSearchParams {
  const { tab, sort, soon, ...others } = filters;
  const params = new URLSearchParams();
  if (tab !== "live") params.set("tab", tab);
  for (const [name, value] of Object.entries(others))
    if (value !== "" && value !== null) params.set(name, String(value));
  if (soon) params.set("soon", "1");
  if (sort !== "soonest") params.set("sort", sort);
  return params;
}

export function countFilters({
  make,
  yearFrom,
  yearTo,
  mileageMax,
  priceFrom,
  priceTo,
  currency,
  format,
  soon,
}: Filters) {
  return [make, yearFrom ?? yearTo, mileageMax, priceFrom ?? priceTo ?? currency, format, soon].filter(Boolean).length;
}

export const NO_FILTERS = {
  make: "",
  yearFrom: null,
  yearTo: null,
  mileageMax: null,
  priceFrom: null,
  priceTo: null,
  currency: "",
  format: "",
  soon: false,
} satisfies Partial<Filters>;

export function sortOf({ tab, sort, currency }: Filters): string {
  const usual = { live: "ends_at", upcoming: "starts_at", finished: "closed_at:desc" }[tab];
  // Also a lot without a bid has a next one; what is over has none.
  const price = tab === "finished" ? "price" : "minimum_next";
  // Amounts of different currencies do not compare: one currency after the other.
  const apart = currency ? "" : "currency,";
  switch (sort) {
    case "soonest":
      return usual;
    case "newest":
      return "createdAt:desc";
    case "cheapest":
      return `${apart}${price},${usual}`;
    case "dearest":
      return `${apart}${price}:desc,${usual}`;
    case "mostBids":
      return `bids_count:desc,${usual}`;
    case "youngest":
      return `car.year:desc,${usual}`;
    case "leastDriven":
      return `car.mileage,${usual}`;
  }
}

const range = (from: number | null, to: number | null): Value | undefined =>
  from === null && to === null ? undefined : { $gte: from ?? undefined, $lte: to ?? undefined };

// As many whole units, whatever a unit has of minor ones.
function priceRange({ priceFrom, priceTo, currency }: Filters): Value[] {
  if (priceFrom === null && priceTo === null) return [];
  const among = currency ? [currency] : CURRENCIES;
  const alike = [...new Set(among.map(digits))].map((of) => {
    const wanted = range(priceFrom && priceFrom * 10 ** of, priceTo && priceTo * 10 ** of);
    const currencies = among.filter((each) => digits(each) === of);
    // A lot without a bid has no price yet: then what it starts at counts.
    return {
      currency: { $in: currencies },
      $or: [{ price: wanted }, { price: { $null: true }, starting_price: wanted }],
    };
  });
  return [{ $or: alike }];
}

// Every word somewhere in the title, or in the make or the model.
const words = (q: string): Value[] =>
  q
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 6)
    .map((word) => ({
      $or: [
        { title: { $containsi: word } },
        { car: { make: { $containsi: word } } },
        { car: { model: { $containsi: word } } },
      ],
    }));

export function listQuery(filters: Filters, start: number, limit: number): string {
  const { tab, q, make, yearFrom, yearTo, mileageMax, currency, format, soon } = filters;
  const car = {
    make: make ? { $containsi: make } : undefined,
    year: range(yearFrom, yearTo),
    mileage: range(null, mileageMax),
  };
  const statuses = STATUSES[tab];
  return toQuery({
    filters: {
      status: statuses.length === 1 ? statuses[0] : { $in: statuses },
      currency: currency || undefined,
      format: format || undefined,
      [tab === "upcoming" ? "starts_at" : "ends_at"]:
        soon && tab !== "finished" ? { $lte: Math.round(serverNow() + SOON_MS) } : undefined,
      car,
      $and: [...words(q), ...priceRange(filters)],
    },
    sort: sortOf(filters),
    populate: { car: { populate: { photos: true } } },
    pagination: { start, limit },
  });
}
