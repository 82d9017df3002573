import { useState } from "react";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { getText, Refused } from "../../api/http";
import { useSession } from "../../live/use";
import { Button } from "../../parts/Button";
import { Note } from "../../parts/Note";
import css from "./AuditPage.module.css";
import type { Add } from "./Drop";

// A sale's log, and what one may open in it, as the server gives them; to be checked here, or kept.
export function Fetch({ auction, add }: { auction: string; add: Add }) {
  const t = useTranslations("audit");
  const { user } = useSession();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const path = `/api/auctions/${encodeURIComponent(auction)}`;
  const fetchAll = async () => {
    setBusy(true);
    setFault(null);
    try {
      const log = await getText(`${path}/log`);
      const openings = user ? await getText(`${path}/openings`) : "";
      add([
        { name: "log", text: log },
        { name: "openings", text: openings },
      ]);
    } catch (error) {
      setFault(error instanceof Refused && error.status < 500 ? "notYet" : "notFetched");
    }
    setBusy(false);
  };
  return (
    <>
      <div className={css.fetch}>
        <Button look="primary" busy={busy} onClick={fetchAll}>
          {t(user ? "fetchBoth" : "fetchLog")}
        </Button>
        <a href={`${path}/log`} download>
          {t("download")}
        </a>
        <Link href={`/auctions/${auction}`}>{t("lot")}</Link>
      </div>
      {fault && (
        <Note tone="danger" alert>
          {t(fault === "notYet" ? "notYet" : "notFetched")}
        </Note>
      )}
    </>
  );
}
