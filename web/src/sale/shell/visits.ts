// Going from page to page: where the scroll and the focus are, and what the tab is called.

import { useEffect, useLayoutEffect, useRef } from "react";
import { useLocation } from "wouter";

let goingBack = false;
let visited = 0;

// Asked before the router hears of it, which it does after whoever listened first.
let stays: (() => boolean) | null = null;

addEventListener("popstate", (event) => {
  if (stays?.()) event.stopImmediatePropagation();
  else goingBack = true;
});

// Whoever holds one here while it goes back or forward has put the address right again; null lets go.
export function holdBack(asked: (() => boolean) | null): void {
  stays = asked;
}

// A new page starts at its top; going back, the browser knows where one was.
export function useScrollToTop(): void {
  const [path] = useLocation();
  const last = useRef(path);
  useLayoutEffect(() => {
    if (last.current === path) return;
    last.current = path;
    visited += 1;
    if (!goingBack) scrollTo(0, 0);
    goingBack = false;
  }, [path]);
}

// Whether somebody came here from another page of the app, not from outside it.
export const cameFromInside = () => visited > 0;

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "Vendue" ? title : `${title} · Vendue`;
  }, [title]);
}
