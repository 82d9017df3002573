import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { TextArea } from "../../../parts/Field";
import { Note } from "../../../parts/Note";
import forms from "../../own/Form.module.css";
import { focusFirstFault, useSaving } from "../../own/useSaving";

const LONGEST = 1_000;

export function Cancel({ row }: { row: Auction }) {
  const t = useTranslations("run.cancel");
  const own = useTranslations("own");
  const form = useId();
  const { mutateAsync } = useAct(row.documentId);
  const { busy, fault, faults, check, run } = useSaving();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const cancel = async () => {
    const ready = check({ reason: reason.trim() ? undefined : own("faults.missing") });
    if (!ready) return focusFirstFault(document.getElementById(form));
    if (await run(() => mutateAsync({ action: "cancel", data: { reason: reason.trim() } }))) setOpen(false);
  };
  return (
    <>
      <Button look="danger" wide onClick={() => setOpen(true)}>
        {t("open")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t("title")}
        description={t("text")}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t("keep")}</Button>
            <Button look="danger" type="submit" form={form} busy={busy}>
              {t("open")}
            </Button>
          </>
        }
      >
        <form
          id={form}
          className={forms.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            cancel();
          }}
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
          {fault && (
            <Note tone="danger" alert>
              {fault}
            </Note>
          )}
        </form>
      </Dialog>
    </>
  );
}
