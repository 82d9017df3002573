// The types that the API serves in Strapi's manner, and what the panel asks of each.

export interface Content {
  path: string;
  populate: string;
  search: string[];
  writable: string[];
  links: string[]; // relations to one, which a form keeps as {id}
}

export const TERMS = [
  "format",
  "currency",
  "starts_at",
  "ends_at",
  "starting_price",
  "reserve_price",
  "buy_now_price",
  "proxy",
  "increments",
  "soft_close",
  "max_jump_percent",
  "decrement",
  "decrement_every_ms",
  "floor_price",
  "sale_terms",
  "approval_ms",
];

export const CONTENT: Record<string, Content> = {
  cars: {
    path: "/api/cars",
    populate: "seller,photos",
    search: ["make", "model", "vin"],
    writable: ["make", "model", "year", "mileage", "vin", "description", "condition", "location", "seller", "photos"],
    links: ["seller"],
  },
  auctions: {
    path: "/api/auctions",
    populate: "car,seller",
    search: ["title"],
    writable: ["title", "car", "seller", ...TERMS],
    links: ["car", "seller"],
  },
  bids: { path: "/api/bids", populate: "auction", search: ["alias"], writable: [], links: [] },
  "audit-log": { path: "/api/audit-log", populate: "", search: ["reason"], writable: [], links: [] },
};

// What a form holds of a row, as the API takes it.
export function outgoing({ writable, links }: Content, data: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of writable) {
    if (!(name in data)) continue;
    const value = data[name] ?? null;
    if (links.includes(name)) found[name] = (value as { id?: string } | null)?.id ?? null;
    else if (name === "photos") found[name] = { set: ((value ?? []) as { id: string }[]).map((each) => each.id) };
    else found[name] = value;
  }
  return found;
}

// Only what became another: what somebody else changed beside it stays as he left it.
export function changedOnly(content: Content, data: Record<string, unknown>, before: Record<string, unknown>) {
  const was = outgoing(content, before);
  return Object.fromEntries(
    Object.entries(outgoing(content, data)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name] ?? null),
    ),
  );
}
