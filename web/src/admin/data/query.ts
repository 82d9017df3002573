// What react-admin asks for, as a Strapi query. A filter is named `field:operator`, with `/` between relation and field.

export interface Asked {
  page: number;
  perPage: number;
  sort?: { field: string; order: string };
  filter: Record<string, unknown>;
  search: string[]; // the fields that `q` looks in
  populate: string;
}

type Pairs = [string, string][];

export const MOST_AT_ONCE = 100; // rows the API gives at once

export function listQuery({ page, perPage, sort, filter, search, populate }: Asked): Pairs {
  const pairs: Pairs = [
    ["pagination[page]", `${page}`],
    ["pagination[pageSize]", `${perPage}`],
    ...filterPairs(filter, search),
  ];
  if (sort?.field) pairs.push(["sort", `${sort.field === "id" ? "id" : sort.field}:${sort.order.toLowerCase()}`]);
  if (populate) pairs.push(["populate", populate]);
  return pairs;
}

export function filterPairs(filter: Record<string, unknown>, search: string[]): Pairs {
  return Object.entries(filter).flatMap(([name, value]): Pairs => {
    if (value === "" || value === null || value === undefined) return [];
    if (name === "q") return search.map((field, at) => [`filters[$or][${at}][${field}][$containsi]`, `${value}`]);
    const [path = "", operator = "eq"] = name.split(":");
    const key = `filters${path
      .split("/")
      .map((part) => `[${part}]`)
      .join("")}[$${operator}]`;
    return Array.isArray(value) ? value.map((each, at) => [`${key}[${at}]`, `${each}`]) : [[key, `${value}`]];
  });
}

export const toText = (pairs: Pairs): string => new URLSearchParams(pairs).toString();
