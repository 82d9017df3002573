import { useTranslations } from "use-intl";
import { Refused } from "../../../api/http";
import type { Auction } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Note } from "../../../parts/Note";
import { useFaultWords } from "../../own/faults";
import { type Faults, useSaving } from "../../own/useSaving";
import { Summary } from "./Summary";

interface ListDialogProps {
  row: Auction;
  sentences: string[];
  onClose: () => void;
  onListed: () => void;
  onFaults: (faults: Faults) => void; // the terms do not hold
}

// The last look before it is promised.
export function ListDialog({ row, sentences, onClose, onListed, onFaults }: ListDialogProps) {
  const t = useTranslations("run");
  const own = useTranslations("own");
  const words = useFaultWords();
  const { busy, fault, run } = useSaving();
  const { mutateAsync } = useAct(row.documentId);
  const list = async () => {
    const listed = await run(
      () => mutateAsync({ action: "list" }),
      (error) => {
        const named = error instanceof Refused ? Object.entries(error.faults) : [];
        if (named.length) onFaults(Object.fromEntries(named.map(([name, message]) => [name, words(message)])));
        return named.length > 0;
      },
    );
    if (listed) onListed();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="m"
      title={t("listTitle", { title: row.title })}
      description={t("listText")}
      footer={
        <>
          <Button onClick={onClose}>{own("cancel")}</Button>
          <Button look="primary" busy={busy} onClick={list}>
            {t("list")}
          </Button>
        </>
      }
    >
      <Summary sentences={sentences} />
      {fault && (
        <Note tone="danger" alert>
          {fault}
        </Note>
      )}
    </Dialog>
  );
}
