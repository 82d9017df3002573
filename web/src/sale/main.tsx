import "../look/tokens.css";
import "../look/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newClient } from "../api/client";
import { startSession } from "../api/session";
import { startFeed } from "../live/feed";
import { applyTheme, storedTheme } from "../look/theme";
import { loadWords, wantedLanguage } from "../words/language";
import { App } from "./App";
import { readFilters } from "./auctions/filters";
import { listOf } from "./auctions/rows";

const SOON_MS = 100;

applyTheme(storedTheme());
startSession();

const language = wantedLanguage();
document.documentElement.lang = language;
const client = newClient();
const list =
  location.pathname === "/" && client.prefetchInfiniteQuery(listOf(readFilters(new URLSearchParams(location.search))));
const words = await loadWords(language);
// It was asked for with the words: where it comes with them too, the page is drawn once, with lots on it.
await Promise.race([list, new Promise((soon) => setTimeout(soon, SOON_MS))]);
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App first={{ language, words }} client={client} />
  </StrictMode>,
);
startFeed();
