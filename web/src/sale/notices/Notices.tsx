import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { get } from "../../api/http";
import type { Auction, Position } from "../../api/types";
import { serverNow } from "../../live/clock";
import { allPositions, onAuction, positionOf, standingOf } from "../../live/feed";
import { useSession, useWatch } from "../../live/use";
import { type Tone, toast } from "../../parts/Toast";
import { useMoney } from "../../words/Words";
import { useWatches } from "../watching/watchlist";
import { type Notice, wantsNotice } from "./choices";

const SOON_MS = 300_000;
const LOOK_EVERY_MS = 5_000;
const MOST_WATCHED = 500; // of the thousand auctions that a connection may follow

type What = "outbid" | "won" | "lost" | "ending";

const CHOICES: Record<What, Notice> = { outbid: "outbid", won: "ended", lost: "ended", ending: "ending" };
const TONES: Record<What, Tone> = { outbid: "outbid", won: "leading", lost: "plain", ending: "ending" };

// What somebody who bid or watches must hear of, wherever in the app he is.
export function Notices() {
  const { user } = useSession();
  const watches = useWatches();
  const watched = useMemo(() => [...(watches?.keys() ?? [])].slice(0, MOST_WATCHED), [watches]);
  useWatch(watched);
  const say = useSay();
  const id = user?.documentId;
  const told = useRef(new Set<string>()); // of which ends

  useEffect(() => {
    if (!id) return;
    const states = new Map<string, Position["state"]>();
    for (const [auction, { state }] of allPositions()) states.set(auction, state);
    return onAuction("", (auction) => {
      const state = positionOf(auction)?.state;
      const before = states.get(auction);
      if (!state || state === before) return;
      states.set(auction, state);
      if (state === "outbid" && before) say(auction, "outbid");
      if ((state === "won" || state === "lost") && before) say(auction, state);
    });
  }, [id, say]);

  useEffect(() => {
    if (!id) return;
    const look = () => {
      for (const auction of new Set([...watched, ...allPositions().keys()])) {
        const standing = standingOf(auction);
        const left = (standing?.ends_at ?? 0) - serverNow();
        if (standing?.status !== "live" || left > SOON_MS || left <= 0 || told.current.has(auction)) continue;
        told.current.add(auction);
        say(auction, "ending");
      }
    };
    const again = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(again);
  }, [id, watched, say]);
  return null;
}

function useSay(): (auction: string, what: What) => void {
  const t = useTranslations("notices");
  const money = useMoney();
  const client = useQueryClient();
  return useMemo(
    () => async (auction: string, what: What) => {
      const href = `/auctions/${auction}`;
      if (!wantsNotice(CHOICES[what])) return;
      if (location.pathname === href && !document.hidden) return; // it stands there
      const name = await client
        .fetchQuery({
          queryKey: ["title", auction],
          queryFn: async () => (await get<{ data: Auction }>(`/api/auctions/${auction}?fields=title`)).data.title,
          staleTime: Number.POSITIVE_INFINITY,
        })
        .catch(() => "");
      const standing = standingOf(auction);
      const amount = standing?.hammer_price ?? standing?.price;
      const shown = standing && amount ? money(amount, standing.currency) : "–";
      const title = t(`title.${what}`, { title: name });
      const text = t(`text.${what}`, { amount: shown });
      toast({ id: `${auction} ${what}`, title, text, tone: TONES[what], href });
      if (document.hidden) notify(title, text, href);
    },
    [t, money, client],
  );
}

function notify(title: string, body: string, href: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(title, { body, icon: "/icon.svg", tag: title });
    shown.onclick = () => {
      focus();
      location.assign(href);
    };
  } catch {
    return; // some phones want a service worker for it; the toast is there
  }
}
