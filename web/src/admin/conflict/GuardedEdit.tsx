// An edit page whose save is refused where the row was changed meanwhile, and which then asks what shall stand.

import { useState } from "react";
import { Edit, type EditProps, HttpError, type RaRecord, type UpdateParams, useNotify, useRefresh } from "react-admin";
import { statusOf } from "../data/faults";
import { useFault } from "../parts/useResult";
import { ConflictDialog } from "./ConflictDialog";
import type { Conflict } from "./useConflict";

// A key of its own in the cache: a row that came in a list has no ETag.
const meta = { whole: true };

interface Props extends EditProps {
  subject: string;
}

export function GuardedEdit({ subject, children, ...rest }: Props) {
  const notify = useNotify();
  const refresh = useRefresh();
  const faultOf = useFault();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [generation, setGeneration] = useState(0);

  function onError(error: unknown, { id, data, previousData }: Partial<UpdateParams>) {
    if (statusOf(error) === 412) setConflict({ id: `${id}`, mine: data as RaRecord, base: previousData });
    else if (!(error instanceof HttpError && error.body?.errors)) notify(faultOf(error), { type: "error" });
  }

  function done(kept: "mine" | "theirs") {
    setConflict(null);
    // The form is made anew of what is there.
    setGeneration(generation + 1);
    refresh();
    notify(`vendue.conflict.kept_${kept}`, { type: "success" });
  }

  return (
    <>
      <Edit
        key={generation}
        mutationMode="pessimistic"
        redirect={false}
        queryOptions={{ meta }}
        mutationOptions={{ onError, meta }}
        {...rest}
      >
        {children}
      </Edit>
      {conflict && <ConflictDialog subject={subject} conflict={conflict} done={done} close={() => setConflict(null)} />}
    </>
  );
}
