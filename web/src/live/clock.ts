// The server's clock as it is here: an offset to the steady clock, taken from the frame that travelled fastest.

const SAMPLES = 20;
const SLEW = 0.1; // the part of a difference that is made up for a second, so that a countdown never jumps
const STEP_MS = 1_000; // beyond which it is set at once: the machine slept

let samples: number[] = [];
let told = false;
let dated = Number.NEGATIVE_INFINITY;
let wanted = Date.now() - performance.now();
let offset = wanted;
let askedAt = performance.now();

export function sampleClock(serverNow: number): void {
  told = true;
  samples.push(serverNow - performance.now());
  if (samples.length > SAMPLES) samples.shift();
  wanted = Math.max(...samples);
}

// Until the feed has told the time an answer's Date does: by less than a second behind, where a phone's own clock may be
// hours out.
export function sampleDate(date: string | null): void {
  const at = Date.parse(date ?? "");
  if (told || !at) return;
  dated = Math.max(dated, at - performance.now());
  wanted = dated;
}

// After a sleep the steady clock may have stood still.
export function forgetSamples(): void {
  samples = [];
}

// Epoch ms on the server, now.
export function serverNow(): number {
  const at = performance.now();
  const most = (at - askedAt) * SLEW;
  const by = wanted - offset;
  offset += Math.abs(by) > STEP_MS ? by : Math.max(-most, Math.min(most, by));
  askedAt = at;
  return at + offset;
}
