import { useLayoutEffect, useRef } from "react";
import { useLocale, useTranslations } from "use-intl";
import { serverNow } from "../live/clock";
import { onTick } from "../live/ticker";
import { remaining } from "../words/remaining";

const SOON_MS = 60_000;
const NEAR_MS = 3_600_000;

interface CountdownProps {
  to: number; // epoch ms on the server's clock
  over?: string; // said once it is reached
  className?: string;
}

// Marks itself data-near in the last hour and data-soon in the last minute.
export function Countdown({ to, over, className }: CountdownProps) {
  const ref = useRef<HTMLTimeElement>(null);
  const locale = useLocale();
  const t = useTranslations("parts");
  const done = over ?? t("closing");
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const text = element.appendChild(document.createTextNode(""));
    const show = () => {
      const left = to - serverNow();
      const next = left > 0 ? remaining(left, locale) : done;
      if (text.data !== next) text.data = next;
      element.toggleAttribute("data-near", left < NEAR_MS);
      element.toggleAttribute("data-soon", left < SOON_MS);
    };
    show();
    const stop = onTick(show);
    return () => {
      stop();
      text.remove();
    };
  }, [to, locale, done]);
  return <time ref={ref} dateTime={new Date(to).toISOString()} className={className} />;
}
