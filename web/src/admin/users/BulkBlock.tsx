import BlockIcon from "@mui/icons-material/Block";
import UnblockIcon from "@mui/icons-material/LockOpen";
import { useState } from "react";
import { Button, useDataProvider, useListContext, useNotify, useTranslate, useUnselectAll } from "react-admin";
import { ReasonDialog } from "../parts/ReasonDialog";

export function BulkBlock({ blocked }: { blocked: boolean }) {
  const translate = useTranslate();
  const notify = useNotify();
  const provider = useDataProvider();
  const { selectedIds, refetch } = useListContext();
  const unselect = useUnselectAll("users");
  const [open, setOpen] = useState(false);
  const what = blocked ? "block" : "unblock";
  const count = { smart_count: selectedIds.length };

  async function ask(reason: string) {
    try {
      await provider.updateMany("users", { ids: selectedIds, data: { blocked, reason } });
    } finally {
      refetch();
    }
    unselect();
    notify(`vendue.users.${what}ed`, { type: "success", messageArgs: count });
  }

  return (
    <>
      <Button label={`vendue.users.${what}`} onClick={() => setOpen(true)}>
        {blocked ? <BlockIcon /> : <UnblockIcon />}
      </Button>
      {open && (
        <ReasonDialog
          title={translate(`vendue.users.${what}_title`, count)}
          text={translate(`vendue.users.${what}_text`)}
          confirm={translate(`vendue.users.${what}`)}
          danger={blocked}
          ask={ask}
          close={() => setOpen(false)}
        />
      )}
    </>
  );
}
