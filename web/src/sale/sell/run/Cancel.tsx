import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Button } from "../../../parts/Button";
import { TextArea } from "../../../parts/Field";
import { Ask } from "../../own/Ask";
import { useSaving } from "../../own/useSaving";

const LONGEST = 1_000;

export function Cancel({ row }: { row: Auction }) {
  const t = useTranslations("run.cancel");
  const own = useTranslations("own");
  const { mutateAsync } = useAct(row.documentId);
  const { busy, fault, faults, check, run } = useSaving();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const cancel = async () => {
    if (!check({ reason: reason.trim() ? undefined : own("faults.missing") })) return;
    if (await run(() => mutateAsync({ action: "cancel", data: { reason: reason.trim() } }))) setOpen(false);
  };
  return (
    <>
      <Button look="danger" wide onClick={() => setOpen(true)}>
        {t("open")}
      </Button>
      <Ask
        open={open}
        onClose={() => setOpen(false)}
        title={t("title")}
        description={t("text")}
        no={t("keep")}
        yes={t("open")}
        danger
        busy={busy}
        fault={fault}
        onYes={cancel}
      >
        <TextArea
          label={t("reason")}
          hint={t("reasonHint")}
          rows={3}
          maxLength={LONGEST}
          value={reason}
          onValue={setReason}
          error={faults.reason}
        />
      </Ask>
    </>
  );
}
