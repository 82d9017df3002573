// Where two versions of a row differ from what both were made of.

import { CONTENT, outgoing } from "../data/content";

export interface Difference {
  field: string;
  mine: unknown;
  theirs: unknown;
  both: boolean; // each changed it, so one of the two is lost
}

type Row = Record<string, unknown>;

export function differences(subject: string, base: Row, mine: Row, theirs: Row): Difference[] {
  const content = CONTENT[subject];
  if (!content) return [];
  const [was, is, there] = [base, mine, theirs].map((row) => outgoing(content, row));
  return content.writable.flatMap((field) => {
    const changed = (row: Row | undefined) => !same(row?.[field], was?.[field]);
    if (!changed(is) && !changed(there)) return [];
    const both = changed(is) && changed(there) && !same(is?.[field], there?.[field]);
    return [{ field, mine: shown(mine[field]), theirs: shown(theirs[field]), both }];
  });
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => each?.name ?? each).join(", ");
  const row = value as Row | null;
  if (row && typeof row === "object") return row.username ?? row.title ?? row.vin ?? row.id ?? JSON.stringify(row);
  return value;
}
