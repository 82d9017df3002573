// A lot in words and on the page. Amounts are integers of the currency's minor unit, times ms.

import { now } from "./feed.js";

const $ = (selector, root) => root.querySelector(selector);
const MOVED_MS = 6_000;

const PAINTS = ["black", "white", "silver", "grey", "blue", "red", "green", "orange", "beige"];
const BODIES = [
  ["pickup", /pick-?up|hilux|ranger|f-150/],
  ["estate", /estate|wagon|touring|avant|combi/],
  ["van", /\bvan\b|transporter|berlingo/],
  ["suv", /\bsuv\b|land cruiser|defender|jeep|4x4/],
  ["roadster", /roadster|convertible|cabriolet|spider|mx-5/],
  ["coupe", /coup[eé]|mustang|corvette|911/],
  ["hatchback", /hatchback|golf|clio|leaf|fiat 500/],
];
const FORMATS = {
  proxy: ["Automatic bidding", "We bid for you, never more than is needed to lead."],
  direct: ["Direct bidding", "Each bid is the price."],
  dutch: ["Falling price", "The price falls by the clock; the first to take it has the car."],
  sealed_first_price: ["Sealed bids", "Nobody sees a bid before the end. The highest wins and pays what it says."],
  sealed_second_price: ["Sealed, second price", "Nobody sees a bid before the end. The highest wins and pays the second highest."],
};

const digits = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
  .maximumFractionDigits;
const formats = new Map();

export function money(amount, currency) {
  const exponent = digits(currency);
  const shown = amount % 10 ** exponent === 0 ? 0 : exponent;
  const key = currency + shown;
  if (!formats.has(key)) {
    const options = { style: "currency", currency, minimumFractionDigits: shown, maximumFractionDigits: shown };
    formats.set(key, new Intl.NumberFormat(undefined, options));
  }
  return formats.get(key).format(amount / 10 ** exponent);
}

// An amount as it is typed into a field: no currency, no grouping, the reader's own decimal mark.
export function plain(amount, currency) {
  const exponent = digits(currency);
  const shown = amount % 10 ** exponent === 0 ? 0 : exponent;
  const options = { useGrouping: false, minimumFractionDigits: shown, maximumFractionDigits: shown };
  return new Intl.NumberFormat(undefined, options).format(amount / 10 ** exponent);
}

// The amount that someone typed, or null where it is none or might mean two things.
export function parseAmount(text, currency) {
  const exponent = digits(currency);
  const parts = new Intl.NumberFormat(undefined, { useGrouping: true }).formatToParts(123456.7);
  const mark = parts.find((part) => part.type === "decimal").value;
  const bare = text.replace(/[\s\u00a0\u202f'’]|[A-Z]{1,3}|\p{Sc}/gu, "");
  const grouped = mark === "," ? /^\d{1,3}(\.\d{3})+(,\d+)?$/ : /^\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$/;
  let found = bare;
  if (grouped.test(bare)) found = bare.replaceAll(mark === "," ? "." : ",", "");
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(found);
  if (!match) return null;
  const [, whole, part = ""] = match;
  // 12.300 is twelve and a bit to one reader and twelve thousand to another: ask rather than guess.
  if (part.length > exponent) return null;
  const amount = Number(whole + part.padEnd(exponent, "0"));
  return amount >= 1 && amount <= 1e12 ? amount : null;
}

export function remaining(ms) {
  if (ms <= 0) return "closing…";
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

export const isSealed = (lot) => lot.format.startsWith("sealed");
export const isOver = (standing) => !["scheduled", "live"].includes(standing.status);

export function about({ car, title }) {
  if (!car) return "";
  const year = title.includes(car.year) ? null : car.year;
  const mileage = car.mileage === null ? null : `Mileage ${car.mileage.toLocaleString()}`;
  return [year, mileage, car.condition?.toLowerCase(), car.location].filter((each) => each).join(" · ");
}

export const body = (lot) => {
  const text = `${lot.title} ${lot.car?.description ?? ""}`.toLowerCase();
  return BODIES.find(([, words]) => words.test(text))?.[0] ?? "saloon";
};

export const paint = (lot) => {
  const text = (lot.car?.description ?? "").toLowerCase();
  return PAINTS.find((each) => text.startsWith(each)) ?? "plain";
};

// The format's name, and how it goes.
export const format = (lot) => FORMATS[lot.format === "english" ? (lot.proxy ? "proxy" : "direct") : lot.format];

export function clockPrice({ clock, opening, starts_at: start }, now) {
  return Math.max(clock.floor, opening - clock.decrement * Math.floor(Math.max(0, now - start) / clock.every_ms));
}

// What the price is called, and the price itself.
export function price(lot, now) {
  const { standing } = lot, show = (amount) => money(amount, standing.currency);
  const bid = standing.price;
  switch (standing.status) {
    case "sold": return ["Sold for", show(standing.hammer_price ?? bid)];
    case "unsold": return [bid === null ? "Not sold" : "Not sold, highest bid", bid === null ? "–" : show(bid)];
    case "cancelled": return ["Cancelled", "–"];
    case "pending_approval": return ["Highest bid", bid === null ? "Sealed" : show(bid)];
    case "countered": return ["Highest bid", bid === null ? "Sealed" : show(bid)];
  }
  if (standing.clock) return ["Price now", show(standing.status === "live" ? clockPrice(standing, now) : standing.opening)];
  if (isSealed(lot)) return [`Sealed, from ${show(standing.opening)}`, "Sealed"];
  return bid === null ? ["Starting price", show(standing.opening)] : ["Current bid", show(bid)];
}

export function bids(lot) {
  const { standing } = lot, count = standing.bids;
  const people = isSealed(lot) && !isOver(standing);
  const many = people ? `${count} ${count === 1 ? "bidder" : "bidders"}` : `${count} ${count === 1 ? "bid" : "bids"}`;
  const bought = standing.status === "sold" && lot.format === "dutch";
  const said = [count || isOver(standing) ? many : lot.format === "dutch" ? "The first bid takes it" : "No bids yet"];
  if (standing.leader && standing.status === "sold") said.push(`${standing.leader} ${bought ? "took it" : "won"}`);
  else if (standing.leader && !["unsold", "cancelled"].includes(standing.status)) said.push(`${standing.leader} leads`);
  if (standing.status === "pending_approval") said.push("the seller decides");
  if (standing.status === "countered") said.push("the seller made an offer");
  return said.join(" · ");
}

export function reserve(lot) {
  const { standing } = lot;
  if (lot.format === "dutch" || standing.status === "sold" || standing.status === "cancelled") return null;
  if (standing.reserve_met !== null) return standing.reserve_met ? "Reserve met" : "Reserve not met";
  return lot.format === "english" && !isOver(standing) ? "No reserve" : null;
}

export function mine(lot) {
  const states = { leading: "You lead", outbid: "Outbid", sealed: "Your bid is in", won: "You won", lost: "Not yours" };
  return lot.you ? states[lot.you.state] : null;
}

// An accepted bid's outcome.
export function outcome(lot, { outcome: found, amount, standing }) {
  const show = (value) => money(value, lot.standing.currency);
  const next = standing?.minimum_next ? ` The next bid is ${show(standing.minimum_next)}.` : "";
  switch (found) {
    case "leading": return `Accepted at ${show(amount)}: you lead.`;
    case "outbid_by_earlier_equal": return `Accepted, but somebody bid ${show(amount)} before you and leads.${next}`;
    case "outbid_by_higher_maximum": return `Accepted, but another bidder's maximum is higher.${next}`;
    case "sealed": return `Your sealed bid of ${show(amount)} is in. Until the end you may replace it.`;
    case "bought": return `It is yours for ${show(standing?.price ?? amount)}.`;
  }
  return "Accepted.";
}

export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A tag that is hidden where it says nothing.
export function putTag(element, text, kind = "") {
  element.hidden = !text;
  put(element, text ?? "");
  if (element.dataset.kind !== kind) element.dataset.kind = kind;
}

// What a card and the open lot show alike.
export function fill(root, lot) {
  $("use", root).setAttribute("href", `/cars.svg#${body(lot)}`);
  $(".stage", root).dataset.paint = paint(lot);
  put($(".title", root), lot.title);
  put($(".about", root), about(lot));
  put($(".bids", root), bids(lot));
  put($(".format", root), format(lot)[0]);
  const met = reserve(lot), { standing, you } = lot;
  putTag($(".reserve", root), met, met === "Reserve not met" ? "unmet" : "met");
  putTag($(".mine", root), mine(lot), you?.state ?? "");
  root.dataset.status = standing.status;
  fillPrice(root, lot);
  fillMoved(root, lot);
}

export function fillPrice(root, lot) {
  const [label, amount] = price(lot, now());
  put($(".price .label", root), label);
  put($(".price strong", root), amount);
}

// A bid near the end gave everybody more time: say so, and by how much.
function fillMoved(root, { moved }) {
  const lately = moved !== undefined && performance.now() - moved.at < MOVED_MS;
  putTag($(".moved", root), lately ? `+${Math.max(1, Math.round(moved.by / 1000))} s` : null);
  root.classList.toggle("extended", lately);
}

export function tick(root, lot) {
  const { standing } = lot, time = $("time", root), at = now();
  const left = (standing.status === "scheduled" ? standing.starts_at : standing.ends_at) - at;
  let text = remaining(left);
  if (standing.status === "scheduled") text = left > 0 ? `opens in ${text}` : "opening…";
  else if (isOver(standing)) text = standing.closed_at ? new Date(standing.closed_at).toLocaleTimeString() : "";
  put(time, text);
  root.classList.toggle("soon", standing.status === "live" && left < 60_000);
  if (standing.clock && standing.status === "live") fillPrice(root, lot);
  if (root.classList.contains("extended")) fillMoved(root, lot);
}
