import { useTranslations } from "use-intl";
import { Refused } from "../../../api/http";
import type { Auction } from "../../../api/types";
import { useAct } from "../../../api/useAct";
import { Ask } from "../../own/Ask";
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
    <Ask
      onClose={onClose}
      size="m"
      title={t("listTitle", { title: row.title })}
      description={t("listText")}
      yes={t("list")}
      busy={busy}
      fault={fault}
      onYes={list}
    >
      <Summary sentences={sentences} />
    </Ask>
  );
}
