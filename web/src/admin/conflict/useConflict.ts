// What is there now, and who made it so, by the audit log: it tells what staff did, not what sellers did to their own.

import { useQuery } from "@tanstack/react-query";
import { type RaRecord, useDataProvider } from "react-admin";

export interface Conflict {
  id: string;
  base: RaRecord;
  mine: RaRecord;
}

export interface Entry extends RaRecord {
  at: number;
  user: string;
  role: string;
  changes: Record<string, [unknown, unknown]> | null;
  name: string;
}

export function useConflict(subject: string, { id, base }: Conflict, round: number) {
  const provider = useDataProvider();
  return useQuery({
    queryKey: ["conflict", subject, id, round],
    gcTime: 0,
    queryFn: async () => {
      const { data: theirs } = await provider.getOne<RaRecord>(subject, { id });
      const since = Date.parse(base.updatedAt);
      const { data: entries } = await provider.getList<Entry>("audit-log", {
        filter: { "subject_id:eq": id, "at:gte": since, "outcome:eq": "done" },
        sort: { field: "at", order: "DESC" },
        pagination: { page: 1, perPage: 10 },
      });
      const others = entries.filter(({ action }) => `${action}`.endsWith(".update"));
      const people = [...new Set(others.map(({ user }) => user))];
      const names = people.length ? (await provider.getMany<RaRecord>("users", { ids: people })).data : [];
      const nameOf = new Map(names.map((user) => [user.id, `${user.username}`]));
      return { theirs, entries: others.map((entry) => ({ ...entry, name: nameOf.get(entry.user) ?? entry.user })) };
    },
  });
}
