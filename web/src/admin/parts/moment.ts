// Epoch ms and what a datetime-local field holds: the local time, to the second.

export function toLocal(at: number | null | undefined): string {
  if (at === null || at === undefined) return "";
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

export function fromLocal(text: string): number | null {
  const at = text ? new Date(text).getTime() : Number.NaN;
  return Number.isFinite(at) ? at : null;
}
