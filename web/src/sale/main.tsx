import { createRoot } from "react-dom/client";
import { startSession } from "../api/session";
import { startFeed } from "../live/feed";

startFeed();
startSession();
createRoot(document.getElementById("root") as HTMLElement).render(<main>Vendue</main>);
