import "../look/tokens.css";
import "../look/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startSession } from "../api/session";
import { startFeed } from "../live/feed";
import { applyTheme, storedTheme } from "../look/theme";
import { loadWords, wantedLanguage } from "../words/language";
import { App } from "./App";

applyTheme(storedTheme());
startFeed();
startSession();

const language = wantedLanguage();
document.documentElement.lang = language;
const words = await loadWords(language);
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App first={{ language, words }} />
  </StrictMode>,
);
