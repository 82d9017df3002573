import createCache from "@emotion/cache";
import { CacheProvider } from "@emotion/react";
import { createRoot } from "react-dom/client";
import { startSession } from "../api/session";
import { startFeed } from "../live/feed";
import { Panel } from "./Panel";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const cache = createCache({ key: "vendue", nonce });

startFeed();
startSession();
createRoot(document.getElementById("root") as HTMLElement).render(
  <CacheProvider value={cache}>
    <Panel />
  </CacheProvider>,
);
