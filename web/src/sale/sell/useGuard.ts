import { useEffect } from "react";
import { useTranslations } from "use-intl";

// A page with something unsaved is not left without a question: by the browser's own where one goes elsewhere or reloads,
// by ours where one follows a link of the app. Going back within the app only some browsers let us ask about.
export function useGuard(unsaved: boolean): void {
  const t = useTranslations("own");
  useEffect(() => {
    if (!unsaved) return;
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
    addEventListener("beforeunload", unload);
    addEventListener("click", click, { capture: true });
    return () => {
      removeEventListener("beforeunload", unload);
      removeEventListener("click", click, { capture: true });
    };
  }, [unsaved, t]);
}
