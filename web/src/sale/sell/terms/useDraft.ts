// A draft while one works on it: typed, read, checked, saved.

import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { ask, Refused } from "../../../api/http";
import type { Auction } from "../../../api/types";
import { useSaving } from "../../own/useSaving";
import { auctionPath, readTagged, type Tagged } from "../data";
import { useGuard } from "../useGuard";
import { atFields, type Draft, draftOf, type FaultWord, lacks, read, type Values } from "./draft";

export function useDraft(first: Draft, found: Tagged<Auction> | undefined) {
  const t = useTranslations("own.faults");
  const locale = useLocale();
  const [saved, setSaved] = useState(first);
  const [draft, setDraft] = useState(first);
  const [there, setThere] = useState(found); // as it was read or saved last
  const [stale, setStale] = useState(false);
  const saving = useSaving();
  const { values, faults: typos } = read(draft, locale, there?.row);
  const unsaved = JSON.stringify(draft) !== JSON.stringify(saved);
  useGuard(unsaved && !saving.busy);

  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  // Whether it may be saved, or with `whole` be listed; what is wrong is then shown.
  const check = (whole: boolean): boolean => {
    const found = whole ? { ...lacks(values), ...typos } : typos;
    const named = Object.entries(found).map(([name, word]: [string, FaultWord]) => [name, t(word)]);
    return saving.check(Object.fromEntries(named));
  };

  const write = async (tag: string | undefined): Promise<Tagged<Auction>> => {
    const id = there?.row.documentId;
    const data: Partial<Values> = values;
    const headers: Record<string, string> = tag ? { "If-Match": tag } : {};
    const { body } = await ask<{ data: Auction }>(
      id ? `/api/auctions/${id}` : "/api/auctions",
      id ? { method: "PUT", json: { data }, headers } : { method: "POST", json: { data } },
    );
    return readTagged<Auction>(auctionPath(body.data.documentId));
  };
  // The row as it is saved, or null.
  const save = async (tag = there?.etag): Promise<Auction | null> => {
    if (there && !unsaved && tag === there.etag) return there.row;
    const written = await saving.run(
      () => write(tag),
      (error) => {
        const is412 = error instanceof Refused && error.status === 412;
        if (is412) setStale(true);
        return is412;
      },
    );
    if (!written) return null;
    setStale(false);
    setThere(written);
    setSaved(draft);
    return written.row;
  };
  // Over what somebody else wrote meanwhile.
  const keepMine = async (): Promise<Auction | null> => {
    const newer = there && (await saving.run(() => readTagged<Auction>(auctionPath(there.row.documentId))));
    return newer ? save(newer.etag) : null;
  };
  // A listing that was refused touched the row. Its new tag is ours if nothing else changed.
  const takeTag = async () => {
    if (!there) return;
    const newer = await saving.run(() => readTagged<Auction>(auctionPath(there.row.documentId)));
    const same = newer && JSON.stringify(draftOf(newer.row, locale)) === JSON.stringify(draftOf(there.row, locale));
    if (same) setThere(newer);
  };
  return {
    ...saving,
    faults: atFields(saving.faults),
    draft,
    values,
    unsaved,
    there: there?.row,
    stale,
    change,
    check,
    save,
    keepMine,
    takeTag,
    forgive: () => setStale(false),
  };
}
