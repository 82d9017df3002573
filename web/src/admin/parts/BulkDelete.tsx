// Some of several rows may have to stay: what was done is read again, and the rest is told.

import { BulkDeleteWithConfirmButton, useListContext, useNotify, useUnselectAll } from "react-admin";
import { useFault } from "./useResult";

export function BulkDelete() {
  const { refetch, resource } = useListContext();
  const unselect = useUnselectAll(resource);
  const notify = useNotify();
  const faultOf = useFault();
  const done = () => {
    unselect();
    refetch();
  };
  return (
    <BulkDeleteWithConfirmButton
      mutationMode="pessimistic"
      mutationOptions={{
        onSuccess: done,
        onError: (error: unknown) => {
          notify("vendue.not_all_deleted", { type: "error", messageArgs: { fault: faultOf(error) } });
          done();
        },
      }}
    />
  );
}
