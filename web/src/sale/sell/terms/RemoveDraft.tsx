import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { ask } from "../../../api/http";
import type { Auction } from "../../../api/types";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Note } from "../../../parts/Note";
import { useSaving } from "../../own/useSaving";

export function RemoveDraft({ row }: { row: Auction }) {
  const t = useTranslations("run.remove");
  const own = useTranslations("own");
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  const { busy, fault, run } = useSaving();
  const remove = async () => {
    if (!(await run(() => ask(`/api/auctions/${row.documentId}`, { method: "DELETE" })))) return;
    navigate("/sell"); // first: the page would ask for the row again, which is gone
    client.removeQueries({ queryKey: ["own", "auction", row.documentId] });
    client.invalidateQueries({ queryKey: ["own"] });
  };
  return (
    <>
      <Button look="plain" wide onClick={() => setOpen(true)}>
        {t("open")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t("title")}
        description={t("text", { title: row.title })}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{own("cancel")}</Button>
            <Button look="danger" onClick={remove} busy={busy}>
              {t("open")}
            </Button>
          </>
        }
      >
        {fault && (
          <Note tone="danger" alert>
            {fault}
          </Note>
        )}
      </Dialog>
    </>
  );
}
