import { useFormatter } from "use-intl";
import { serverNow } from "../../live/clock";

const DAY_MS = 86_400_000;

// A moment: the time of day if it is near, with the day if not.
export function When({ at, className }: { at: number; className?: string }) {
  const format = useFormatter();
  const when = new Date(at);
  const near = Math.abs(serverNow() - at) < DAY_MS / 2;
  const text = near
    ? format.dateTime(when, { hour: "2-digit", minute: "2-digit", second: "2-digit" })
    : format.dateTime(when, { dateStyle: "medium", timeStyle: "short" });
  return (
    <time dateTime={when.toISOString()} className={className}>
      {text}
    </time>
  );
}
