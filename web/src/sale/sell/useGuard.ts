import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { holdBack } from "../shell/visits";

// A page with something unsaved is not left without a question: by the browser's own where one goes elsewhere or reloads,
// by ours where one follows a link of the app, or goes back or forward in it.
export function useGuard(unsaved: boolean): void {
  const t = useTranslations("own");
  useEffect(() => {
    if (!unsaved) return;
    const here = location.href;
    const state = history.state;
    const stays = () => !confirm(t("leave"));
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const click = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || link?.target === "_blank";
      if (!link || elsewhere || link.origin !== location.origin || link.hash) return;
      if (!stays()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // The browser has gone by now. To go the same way again takes time in which the page would change, so the address is
    // written anew behind where it went; after going back that is what it was.
    const back = () => {
      if (location.href.split("#")[0] === here.split("#")[0] || !stays()) return false;
      history.pushState(state, "", here);
      return true;
    };
    addEventListener("beforeunload", unload);
    addEventListener("click", click, { capture: true });
    holdBack(back);
    return () => {
      removeEventListener("beforeunload", unload);
      removeEventListener("click", click, { capture: true });
      holdBack(null);
    };
  }, [unsaved, t]);
}
