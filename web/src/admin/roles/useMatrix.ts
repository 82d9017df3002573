// The matrix as it was read, the changes that wait, and saving them where nobody changed it meanwhile.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { ask } from "../../api/http";
import type { Role } from "../../api/types";
import { type Change, differenceOf, type Matrix, readMatrix, withChanges } from "./matrix";

const KEY = ["roles"];

export function useMatrix() {
  const translate = useTranslate();
  const client = useQueryClient();
  const { data: matrix, error } = useQuery({
    queryKey: KEY,
    queryFn: readMatrix,
    staleTime: Number.POSITIVE_INFINITY, // what is shown does not change under the hand that ticks it
    gcTime: 0,
  });
  const [waiting, setWaiting] = useState<Change[]>([]);
  const [meanwhile, setMeanwhile] = useState<Change[]>([]);

  function set(role: Role, action: string, enabled: boolean) {
    const others = waiting.filter((each) => each.role !== role || each.action !== action);
    const same = matrix?.[role].get(action) === enabled;
    setWaiting(same ? others : [...others, { role, action, enabled }]);
  }

  // What somebody else changed since it was read. The changes that wait stay where they still are changes.
  function take(fresh: Matrix): Change[] {
    const theirs = matrix ? differenceOf(matrix, fresh) : [];
    client.setQueryData(KEY, fresh);
    setWaiting((all) => all.filter(({ role, action, enabled }) => fresh[role].get(action) !== enabled));
    return theirs;
  }

  async function save(reason: string): Promise<void> {
    if (!matrix) return;
    const theirs = take(await readMatrix());
    setMeanwhile(theirs);
    if (theirs.length) throw new Error(translate("vendue.roles.changed_meanwhile"));
    for (const role of new Set(waiting.map((each) => each.role))) {
      const permissions = treeOf(waiting.filter((each) => each.role === role));
      await ask(`/api/users-permissions/roles/${role}`, { method: "PUT", json: { permissions, reason } });
    }
    const after = await readMatrix();
    const missed = differenceOf(after, withChanges(matrix, waiting));
    client.setQueryData(KEY, after);
    setWaiting([]);
    if (missed.length) {
      setMeanwhile(missed.map(({ enabled, ...each }) => ({ ...each, enabled: !enabled })));
      throw new Error(translate("vendue.roles.changed_after"));
    }
  }

  return {
    matrix,
    error,
    waiting,
    meanwhile,
    shown: matrix && withChanges(matrix, waiting),
    set,
    save,
    discard: () => setWaiting([]),
  };
}

type Actions = Record<string, { enabled: boolean }>;

function treeOf(changes: Change[]): object {
  const tree: Record<string, { controllers: Record<string, Actions> }> = {};
  for (const { action, enabled } of changes) {
    const [group = "", controller = "", name = ""] = action.split(".");
    tree[group] ??= { controllers: {} };
    const controllers = tree[group].controllers;
    controllers[controller] = { ...controllers[controller], [name]: { enabled } };
  }
  return tree;
}
