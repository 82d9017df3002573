import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";

interface ConflictProps {
  open: boolean;
  busy: boolean;
  onTheirs: () => void;
  onMine: () => void;
  onClose: () => void;
}

// Somebody else saved it since it was opened here.
export function Conflict({ open, busy, onTheirs, onMine, onClose }: ConflictProps) {
  const t = useTranslations("sell.conflict");
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("title")}
      description={t("text")}
      footer={
        <>
          <Button onClick={onMine} busy={busy}>
            {t("mine")}
          </Button>
          <Button look="primary" onClick={onTheirs}>
            {t("theirs")}
          </Button>
        </>
      }
    />
  );
}
