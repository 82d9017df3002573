// What one wants to hear of, kept in this browser: notices are its own.

export const NOTICES = ["outbid", "ending", "ended"] as const;
export type Notice = (typeof NOTICES)[number];

const KEY = "vendue-notices-off";

function off(): string[] {
  return (localStorage.getItem(KEY) ?? "").split(",").filter(Boolean);
}

export const wantsNotice = (notice: Notice): boolean => !off().includes(notice);

export function chooseNotice(notice: Notice, wanted: boolean): void {
  const others = off().filter((each) => each !== notice);
  localStorage.setItem(KEY, (wanted ? others : [...others, notice]).join());
}
