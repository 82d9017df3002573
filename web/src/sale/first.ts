// What the front page shows is asked for while the app itself is still on its way.

import { askEarly } from "../api/early";
import { loadWords, wantedLanguage } from "../words/language";
import { AT_ONCE, listQuery, readFilters } from "./auctions/filters";

if (location.pathname === "/") {
  const filters = readFilters(new URLSearchParams(location.search));
  // Within the hour means from now on, which is another address a moment later.
  if (!filters.soon) askEarly(`/api/auctions?${listQuery(filters, 0, AT_ONCE)}`);
}
loadWords(wantedLanguage()).catch(() => undefined); // the app asks again
import("./main");
// The first to be made takes 50 ms on a phone: while one waits for the network, not when prices are to be drawn.
setTimeout(() => new Intl.NumberFormat().format(0));
