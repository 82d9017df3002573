// The connection to /api/live: it comes back by itself, and says honestly whether it is there.

export type Link = "connecting" | "live" | "down";

const BEAT_MS = 10_000;
const BEAT_WITHIN_MS = 5_000;
const FIRST_BACK_OFF_MS = 500;
const MOST_BACK_OFF_MS = 10_000;

export interface Frame {
  id?: number | null;
  ok?: boolean;
  error?: { code: string; message: string };
  now?: number;
  [key: string]: unknown;
}

export class Socket {
  link: Link = "connecting";
  heardAt = performance.now();
  #socket: WebSocket | null = null;
  #frames = 0;
  #failures = 0;
  #beat: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting = new Map<number, (frame: Frame) => void>();
  readonly #opened: () => void;
  readonly #pushed: (frame: Frame) => void;
  readonly #changed: () => void;

  // `opened` after each connecting; `pushed` for what nobody asked for; `changed` when `link` did.
  constructor(opened: () => void, pushed: (frame: Frame) => void, changed: () => void) {
    this.#opened = opened;
    this.#pushed = pushed;
    this.#changed = changed;
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.#drop(this.#socket)); // long before a beat would find out
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      if (this.#socket?.readyState === WebSocket.OPEN) this.#sendBeat();
      else this.reconnect();
    });
  }

  connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = new WebSocket(`${scheme}://${location.host}/api/live`);
    this.#socket = opened;
    opened.onopen = () => {
      clearInterval(this.#beat);
      this.#beat = setInterval(() => this.#sendBeat(), BEAT_MS);
      this.#opened();
    };
    opened.onmessage = ({ data }) => opened === this.#socket && this.#take(JSON.parse(data));
    opened.onclose = () => this.#lost(opened);
  }

  // Once the server has answered what was asked first, what is shown is what there is.
  established(): void {
    this.#failures = 0;
    this.#become("live");
  }

  reconnect(): void {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    this.#failures = 0;
    this.connect();
  }

  // A new connection is nobody's: after signing out.
  startAfresh(): void {
    const old = this.#socket;
    clearTimeout(this.#retry);
    this.#waiting.clear();
    this.#become("connecting");
    this.connect();
    old?.close();
  }

  send(message: object, answered: (frame: Frame) => void = () => {}): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#frames += 1;
    this.#waiting.set(this.#frames, answered);
    this.#socket.send(JSON.stringify({ id: this.#frames, ...message }));
  }

  #take(frame: Frame): void {
    this.heardAt = performance.now();
    const answered = typeof frame.id === "number" ? this.#waiting.get(frame.id) : undefined;
    if (typeof frame.id === "number") this.#waiting.delete(frame.id);
    (answered ?? this.#pushed)(frame);
  }

  // A connection may be dead without either end knowing: something must come back.
  #sendBeat(): void {
    const asked = this.#socket;
    const late = setTimeout(() => {
      if (asked === this.#socket) this.#drop(asked);
    }, BEAT_WITHIN_MS);
    this.send({ unsubscribe: [] }, () => clearTimeout(late));
  }

  #drop(socket: WebSocket | null): void {
    if (!socket) return;
    this.#lost(socket);
    socket.close();
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null; // it may take minutes to close
    clearInterval(this.#beat);
    this.#waiting.clear();
    const wait = Math.min(MOST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#become("down");
    this.#retry = setTimeout(() => this.connect(), wait);
  }

  #become(link: Link): void {
    if (this.link === link) return;
    this.link = link;
    this.#changed();
  }
}
