// A client of Vendue in one file without dependencies: browsers, Node 22, and Node 20 with --experimental-websocket.

export interface Standing {
  auction: string;
  seq: number;
  status: "scheduled" | "live" | "sold" | "unsold" | "pending_approval" | "countered" | "cancelled";
  price: number | null;
  minimum_next: number | null;
  currency: string;
  leader: string | null;
  ends_at: number;
}
export interface Decision {
  documentId: string;
  outcome: "leading" | "outbid_by_earlier_equal" | "outbid_by_higher_maximum" | "sealed" | "bought";
  seq: number;
  standing: Standing;
}
export interface Position {
  auction: string;
  seq: number;
  state: "leading" | "outbid" | "sealed" | "won" | "lost";
  your_maximum: number | null;
  your_minimum: number | null;
}
export type Push = { standing: Standing; now: number } | { you: Position; now: number };
export type Auction = { documentId: string; title: string; seq: number } & Record<string, unknown>;
export type BidOptions = { key?: string; withinMs?: number; kind?: "bid" | "buy_now"; confirm_jump?: boolean };
type Details = { code?: string; minimum?: number; maximum?: number; price?: number; standing?: Standing };
type Failure = { name?: string; code?: string; message: string; details?: Details };
type Frame = Partial<{ standing: Standing; you: Position; now: number; error: Failure }>;

// Not decided yet, or not taken: the same bid under the same key may be sent again.
const AGAIN = [202, 429, 502, 503, 504];
const BUSY = ["ServiceUnavailableError", "RateLimitError"];
const BEAT_MS = 10_000;

// An answer that stays so; `code` is stable (`too_low`).
export class Refused extends Error {
  readonly code: string;
  readonly details: Details;

  constructor(
    readonly status: number,
    error: Failure,
  ) {
    super(error.message);
    this.details = error.details ?? {};
    this.code = this.details.code ?? error.name ?? error.code ?? "";
  }
}

// No decision came in time: the bid may count or not. Ask again with this `key`; it stays one bid.
export class Undecided extends Error {
  constructor(readonly key: string) {
    super(`no decision yet; ask again with the key ${key}`);
  }
}

// One account at one house. Amounts are in the currency's minor unit, times epoch ms.
export class Vendue {
  #token = "";
  #account: { identifier: string; password: string } | undefined;

  constructor(readonly address = "http://localhost:1337") {}

  // By username or email; a token that runs out is renewed with the same.
  async signIn(identifier: string, password: string): Promise<void> {
    this.#account = { identifier, password };
    this.#token = "";
    this.#token = (await good(await this.#ask("/api/auth/local", this.#account))).jwt;
  }

  // Those that fit, as `auctions({ "filters[status]": "live", sort: "ends_at" })`.
  async auctions(parameters: Record<string, string> = {}): Promise<Auction[]> {
    return (await good(await this.#ask(`/api/auctions?${new URLSearchParams(parameters)}`))).data;
  }

  // The decision on a bid. However often it is sent, it is one bid: the key makes it so. Throws Refused, Undecided.
  async bid(auction: string, amount: number, options: BidOptions = {}): Promise<Decision> {
    const { key = crypto.randomUUID(), withinMs = 30_000, ...more } = options;
    const body = { data: { auction, amount, ...more } };
    const until = Date.now() + withinMs;
    while (Date.now() < until) {
      let wait = 500;
      try {
        const answer = await this.#ask("/api/bids", body, { "Idempotency-Key": key });
        if (answer.status === 401 && this.#account) await this.#renew();
        else if (!AGAIN.includes(answer.status)) return (await good(answer)).data;
        else wait = 1_000 * Number(answer.headers.get("Retry-After") ?? 0.5);
      } catch (error) {
        unlessRefused(error); // whether it arrived is unknown: the same key will tell
      }
      await sleep(Math.min(wait, until - Date.now()));
    }
    throw new Undecided(key);
  }

  // Each newer standing, and signed in each position of one's own, for ever: a lost connection comes back.
  async *watch(auctions: string[]): AsyncGenerator<Push, never> {
    const since: Record<string, number> = {};
    for (let failures = 0; ; failures += 1) {
      const frames: Frame[] = [];
      let heardAt = Date.now();
      let open = true;
      let wake = () => {};
      const socket = new WebSocket(`${this.address.replace("http", "ws")}/api/live`);
      const say = (message: object) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        return true;
      };
      const signIn = () => this.#token !== "" && say({ id: 1, auth: this.#token });
      // A connection may be dead without either end knowing: something must come back.
      const beat = setInterval(
        () => (Date.now() - heardAt > 2.5 * BEAT_MS ? lost() : say({ unsubscribe: [] })),
        BEAT_MS,
      );
      const lost = () => {
        open = false;
        wake();
      };
      socket.onopen = () => {
        signIn();
        say({ id: 2, subscribe: auctions, since });
      };
      socket.onmessage = ({ data }) => {
        heardAt = Date.now();
        frames.push(JSON.parse(data));
        wake();
      };
      socket.onclose = socket.onerror = lost;
      try {
        while (open || frames.length) {
          const frame = frames.shift();
          if (!frame) {
            await new Promise<void>((resolve) => (wake = resolve));
            continue;
          }
          const { standing, you, error, now = 0 } = frame;
          if (error?.code === "UnauthorizedError" && this.#account) {
            await this.#renew().catch(unlessRefused);
            if (!signIn()) lost();
          } else if (BUSY.includes(error?.code ?? "")) lost();
          else if (error) throw new Refused(0, error);
          failures = error ? failures : 0;
          if (standing && standing.seq > (since[standing.auction] ?? 0)) {
            since[standing.auction] = standing.seq;
            yield { standing, now };
          }
          if (you) yield { you, now };
        }
      } finally {
        clearInterval(beat);
        socket.close();
      }
      await sleep(Math.min(10_000, 250 * 2 ** failures) * (0.5 + Math.random() / 2)); // not all at once
    }
  }

  async #renew(): Promise<void> {
    if (this.#account) await this.signIn(this.#account.identifier, this.#account.password);
  }

  #ask(path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    if (this.#token) headers = { ...headers, Authorization: `Bearer ${this.#token}` };
    const content = body && { method: "POST", body: JSON.stringify(body) };
    headers = { ...headers, "Content-Type": "application/json" };
    return fetch(this.address + path, { ...content, headers, signal: AbortSignal.timeout(5_000) });
  }
}

const unlessRefused = (error: unknown) => {
  if (error instanceof Refused) throw error;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// biome-ignore lint/suspicious/noExplicitAny: the shape is the route's
async function good(answer: Response): Promise<any> {
  const body = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, body.error);
  return body;
}
