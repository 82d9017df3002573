// The sale as the server tells it: rows by HTTP, standings by the live feed, and the server's clock.

const LISTED = ["live", "scheduled", "pending_approval", "countered"];
const OVER_SHOWN = 12;
const BEAT_MS = 10_000, BEAT_WITHIN_MS = 5_000, REFRESH_MS = 20_000, MOST_BACK_OFF_MS = 10_000;
const RENEW_BEFORE_S = 60;
const HINT = "vendue-signed-in"; // that there is a cookie to renew by, which no script can see
const CLOCK_SAMPLES = 20, SAME_MOVE_MS = 6_000;

export const lots = new Map();
export const session = { token: null, user: null };

const waiting = new Map(); // frame id -> what to do when it is answered
const unknown = new Map(); // lots that the feed names and no row was read of yet -> {standing, tries}
const seqs = {}; // of frames that arrived: what `since` may say
let tell = () => {};
let socket = null, frames = 0, failures = 0, beat = null, retry = null;
let renewal = null, renewing = null;
let samples = [], offset = Date.now() - performance.now();

// `listener(what, id)`: "lot" changed, "link" (connecting, live, down), "user", or "gone" where a lot is forgotten.
export function start(listener) {
  tell = listener;
  if (localStorage.getItem(HINT)) renew();
  refresh();
  connect();
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    samples = []; // the clock that counts between frames may have stood still
    refresh();
    if (socket?.readyState === WebSocket.OPEN) sendBeat();
    else reconnectNow();
  });
  addEventListener("online", reconnectNow);
}

// The server's time in ms. The frame that travelled fastest tells it best.
export const now = () => performance.now() + offset;

function sample(serverNow) {
  samples.push(serverNow - performance.now());
  if (samples.length > CLOCK_SAMPLES) samples.shift();
  offset = Math.max(...samples);
}

export async function api(path, options = {}, again = true) {
  const headers = { Accept: "application/json", ...options.headers };
  if (session.token) headers.Authorization = `Bearer ${session.token}`;
  if (options.body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { ...options, headers, signal: AbortSignal.timeout(8_000) });
  const text = await response.text();
  const body = text ? JSON.parse(text) : null;
  if (response.status === 401 && session.token) {
    if (again && (await renew())) return api(path, options, false);
    giveUp();
  }
  return { status: response.status, body, headers: response.headers };
}

export async function read(filter, sort, limit = 100) {
  const query = `populate=car&${filter}&sort=${sort}&pagination[pageSize]=${limit}`;
  const { status, body } = await api(`/api/auctions?${query}`);
  if (status !== 200) throw new Error(body?.error?.message ?? `the server answered ${status}`);
  for (const row of body.data) takeRow(row);
  return body.data;
}

const anyOf = (field, values) => values.map((each, at) => `filters[${field}][$in][${at}]=${encodeURIComponent(each)}`)
  .join("&");

async function refresh() {
  if (document.hidden) return;
  try {
    await read(anyOf("status", LISTED), "ends_at");
    await read(anyOf("status", ["sold", "unsold", "cancelled"]), "closed_at:desc", OVER_SHOWN);
  } catch {
    return; // the link says so too, and the next turn comes soon
  }
  const over = [...lots.values()].filter((lot) => !LISTED.includes(lot.standing.status) && !lot.you);
  over.sort((a, b) => (b.standing.closed_at ?? 0) - (a.standing.closed_at ?? 0));
  for (const lot of over.slice(OVER_SHOWN)) {
    lots.delete(lot.id);
    tell("gone", lot.id);
  }
  watch();
}

function takeRow(row) {
  const known = lots.get(row.documentId);
  const clock = row.format === "dutch"
    ? { decrement: row.decrement, every_ms: row.decrement_every_ms, floor: row.floor_price } : null;
  const standing = {
    ...row, auction: row.documentId, opening: row.starting_price, bids: row.bids_count, clock,
    buy_now_price: null, // whether it is still offered the feed tells
  };
  if (!known) lots.set(row.documentId, { ...row, id: row.documentId, standing, you: null, watched: false });
  const early = unknown.get(row.documentId);
  unknown.delete(row.documentId);
  if (early) takeStanding(early.standing);
  else if (known) takeStanding(standing);
  else tell("lot", row.documentId);
}

export function takeStanding(standing) {
  const lot = lots.get(standing.auction);
  if (!lot) {
    const tries = unknown.get(standing.auction)?.tries ?? 0;
    if (!unknown.size) setTimeout(readUnknown, 300);
    unknown.set(standing.auction, { standing, tries });
  } else if (standing.seq > lot.standing.seq || (standing.seq === lot.standing.seq && !standing.documentId)) {
    noteMove(lot, standing);
    lot.standing = standing;
    tell("lot", lot.id);
  }
}

// A bid near the end moves it: when that was seen, and by how much in all where several follow each other.
function noteMove(lot, { status, ends_at: end }) {
  if (status !== "live" || lot.standing.status !== "live" || end <= lot.standing.ends_at) return;
  const at = performance.now(), by = end - lot.standing.ends_at;
  lot.moved = { at, by: at - (lot.moved?.at ?? -Infinity) < SAME_MOVE_MS ? lot.moved.by + by : by };
}

// Rows follow the feed by a moment, so ask a few times.
async function readUnknown() {
  for (const [id, each] of unknown) if (each.tries++ > 5) unknown.delete(id);
  if (!unknown.size) return;
  await read(anyOf("documentId", [...unknown.keys()].slice(0, 50)), "ends_at").catch(() => {});
  if (unknown.size) setTimeout(readUnknown, 1_000);
  watch();
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live`);
  const opened = socket;
  socket.onopen = () => {
    if (session.token) authenticate();
    for (const lot of lots.values()) lot.watched = false;
    send({ subscribe: "live", since: seqs }, () => {
      failures = 0;
      tell("link", "live");
    });
    watch();
    beat = setInterval(sendBeat, BEAT_MS);
  };
  socket.onmessage = ({ data }) => take(JSON.parse(data));
  socket.onclose = () => {
    if (opened !== socket) return;
    clearInterval(beat);
    waiting.clear();
    const wait = Math.min(MOST_BACK_OFF_MS, 500 * 2 ** failures++) * (0.5 + Math.random() / 2);
    tell("link", "down");
    retry = setTimeout(connect, wait);
  };
}

function reconnectNow() {
  if (socket?.readyState !== WebSocket.CLOSED) return;
  clearTimeout(retry);
  failures = 0;
  connect();
}

function startAfresh() {
  const old = socket;
  clearInterval(beat);
  clearTimeout(retry);
  waiting.clear();
  tell("link", "connecting");
  connect();
  old?.close();
}

function send(message, answered = () => {}) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  waiting.set(++frames, answered);
  socket.send(JSON.stringify({ id: frames, ...message }));
}

// A connection may be dead without either end knowing: something must come back.
function sendBeat() {
  const asked = socket;
  const late = setTimeout(() => {
    if (asked !== socket) return;
    asked.onclose();
    asked.close();
  }, BEAT_WITHIN_MS);
  send({ unsubscribe: [] }, () => clearTimeout(late));
}

// "live" brings what is open or opens. What ended while nobody listened is only told to who asks for it by name.
function watch() {
  const wanted = [...lots.values()].filter((lot) => !lot.watched && LISTED.includes(lot.standing.status));
  if (!wanted.length || socket?.readyState !== WebSocket.OPEN) return;
  for (const lot of wanted) lot.watched = true;
  send({ subscribe: wanted.map((lot) => lot.id), since: seqs });
}

function take(frame) {
  if (frame.now) sample(frame.now);
  if (frame.standing) {
    seqs[frame.standing.auction] = frame.standing.seq;
    takeStanding(frame.standing);
    if (!LISTED.includes(frame.standing.status)) forget(frame.standing.auction);
  } else if (frame.you) {
    const lot = lots.get(frame.you.auction);
    if (lot && session.token) {
      lot.you = frame.you;
      tell("lot", lot.id);
    }
  } else {
    if (frame.error?.code === "UnauthorizedError" && session.token) renew().then((done) => done || giveUp());
    waiting.get(frame.id)?.(frame);
    waiting.delete(frame.id);
  }
}

function forget(auction) {
  delete seqs[auction];
  const lot = lots.get(auction);
  if (!lot?.watched) return;
  lot.watched = false;
  setTimeout(() => send({ unsubscribe: [auction] }), 1_000); // who won is told right after
}

function authenticate() {
  send({ auth: session.token });
  // Where I stand is told when a lot is subscribed to.
  const ids = [...lots.values()].filter((lot) => LISTED.includes(lot.standing.status)).map((lot) => lot.id);
  if (ids.length) send({ subscribe: ids, since: seqs });
}

// A token is good for minutes; the cookie renews it, once a turn: of several tabs one at a time.
function renew() {
  renewing ??= (navigator.locks?.request("vendue-renew", renewNow) ?? renewNow()).catch(() => false)
    .finally(() => (renewing = null));
  return renewing;
}

// Signed out by the server, not by a server that was away for a moment.
function giveUp() {
  if (!localStorage.getItem(HINT)) signOut();
}

async function renewNow() {
  const response = await fetch("/api/auth/refresh", { method: "POST", signal: AbortSignal.timeout(8_000) });
  if (response.status === 401) localStorage.removeItem(HINT);
  if (response.status !== 200) return false;
  enter(await response.json());
  return true;
}

function enter({ jwt, user }) {
  const { iat, exp } = JSON.parse(atob(jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  clearTimeout(renewal);
  renewal = setTimeout(renew, Math.max(10, exp - iat - RENEW_BEFORE_S) * 1000);
  session.token = jwt;
  session.user = user;
  localStorage.setItem(HINT, "1");
  authenticate();
  tell("user");
}

// The server's sentence where it refuses, else null.
export async function signIn(path, fields) {
  const { status, body } = await api(path, { method: "POST", body: JSON.stringify(fields) });
  if (status !== 200) {
    const faults = body?.error?.details?.errors?.map((each) => each.message);
    return faults?.join(". ") || body?.error?.message || "That did not work; please try again.";
  }
  enter(body);
  return null;
}

export function signOut() {
  const known = session.user !== null;
  session.token = session.user = null;
  clearTimeout(renewal);
  localStorage.removeItem(HINT);
  fetch("/api/auth/logout", { method: "POST" }).catch(() => {});
  for (const lot of lots.values()) lot.you = null;
  if (known) startAfresh(); // a new connection is nobody's
  tell("user");
}
