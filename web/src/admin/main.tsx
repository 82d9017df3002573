import { createRoot } from "react-dom/client";
import { startSession } from "../api/session";

startSession();
createRoot(document.getElementById("root") as HTMLElement).render(<main>Vendue</main>);
