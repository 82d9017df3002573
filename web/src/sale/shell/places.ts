// The app's main places, as the header and the phone's tab bar name them.

import type { IconName } from "../../parts/Icon";

interface Place {
  href: string;
  word: "auctions" | "watchlist" | "mine" | "sell" | "account";
  icon: IconName;
}

export const PLACES: Place[] = [
  { href: "/", word: "auctions", icon: "auctions" },
  { href: "/watchlist", word: "watchlist", icon: "watch" },
  { href: "/mine", word: "mine", icon: "bids" },
  { href: "/sell", word: "sell", icon: "sell" },
];

export const ACCOUNT: Place = { href: "/account", word: "account", icon: "person" };

export const isAt = (href: string, path: string) =>
  href === "/" ? path === "/" || path.startsWith("/auctions/") : path === href || path.startsWith(`${href}/`);
