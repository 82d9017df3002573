// The photos of a car while one works on them: each goes up as soon as it is chosen; their order, texts and who is
// gone is kept with the car.

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ask } from "../../../api/http";
import { newKey } from "../../../api/key";
import type { Photo } from "../../../api/types";
import { MOST_BYTES, sendPhoto, TAKEN } from "../../../api/upload";

export const MOST_PHOTOS = 100;
const AT_ONCE = 2;
const MOST_TRIES = 5;

export interface Tile {
  key: string;
  name: string;
  photo: Photo | null; // once it is there
  file: File | null;
  progress: number; // of sending, 0 to 1
  fault: string | null;
  text: string; // what is on it, for who does not see it
}

const tileOf = (photo: Photo): Tile => ({
  key: photo.documentId,
  name: photo.name,
  photo,
  file: null,
  progress: 1,
  fault: null,
  text: photo.alternativeText ?? "",
});

export function usePhotos(first: Photo[]) {
  const t = useTranslations("car.photos");
  const [tiles, setTiles] = useState(() => first.map(tileOf));
  const saved = useRef(first);
  const stops = useRef(new Map<string, AbortController>());

  useEffect(() => {
    const { current } = stops;
    return () => {
      for (const stop of current.values()) stop.abort();
    };
  }, []);

  const change = (key: string, part: Partial<Tile>) =>
    setTiles((before) => before.map((each) => (each.key === key ? { ...each, ...part } : each)));

  const upload = async ({ key, file }: Tile) => {
    if (!file) return;
    const stop = new AbortController();
    stops.current.set(key, stop);
    for (let tried = 1; !stop.signal.aborted; tried += 1) {
      const sent = await sendPhoto(file, (progress) => change(key, { progress }), stop.signal);
      if ("photo" in sent) {
        change(key, { photo: sent.photo, file: null, progress: 1, fault: null });
        break;
      }
      const later = sent.error?.status === 429 || sent.error?.status === 503;
      if (!later || tried === MOST_TRIES) {
        change(key, { fault: sent.error?.message ?? t("lost") });
        break;
      }
      await new Promise((done) => setTimeout(done, Math.max(1, sent.retryAfterS) * 1000));
    }
    stops.current.delete(key);
  };

  // Several go at once, each as far as the others let it.
  const uploadAll = async (those: Tile[]) => {
    const waiting = [...those];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await upload(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  const faultOf = (file: File): string | null => {
    if (!TAKEN.includes(file.type)) return t("wrongType");
    return file.size > MOST_BYTES ? t("tooLarge") : null;
  };

  const add = (files: File[]) => {
    const room = Math.max(0, MOST_PHOTOS - tiles.length);
    const fresh = files.slice(0, room).map((file): Tile => {
      const key = newKey();
      const fault = faultOf(file);
      return { key, name: file.name, photo: null, file: fault ? null : file, progress: 0, fault, text: "" };
    });
    setTiles((before) => [...before, ...fresh]);
    uploadAll(fresh.filter((each) => !each.fault));
  };

  const again = (tile: Tile) => {
    change(tile.key, { fault: null, progress: 0 });
    uploadAll([tile]);
  };

  const remove = (key: string) => {
    stops.current.get(key)?.abort();
    setTiles((before) => before.filter((each) => each.key !== key));
  };

  const moveTo = (key: string, to: number) =>
    setTiles((before) => {
      const moved = before.find((each) => each.key === key);
      if (!moved) return before;
      const others = before.filter((each) => each.key !== key);
      return [...others.slice(0, to), moved, ...others.slice(to)];
    });

  const there = tiles.flatMap(({ photo, text }) => (photo ? [{ photo, text }] : []));
  const ids = there.map(({ photo }) => photo.documentId);
  const busy = tiles.some((each) => !each.photo && !each.fault);
  const textsChanged = there.some(({ photo, text }) => text !== (photo.alternativeText ?? ""));
  const unsaved = busy || textsChanged || ids.join() !== saved.current.map((photo) => photo.documentId).join();

  const saveTexts = async () => {
    for (const { photo, text } of there) {
      if (text === (photo.alternativeText ?? "")) continue;
      const form = new FormData();
      form.append("fileInfo", JSON.stringify({ alternativeText: text || null }));
      const { body } = await ask<Photo>(`/api/upload?id=${photo.documentId}`, { method: "POST", form });
      setTiles((before) => before.map((each) => (each.photo?.id === body.id ? { ...each, photo: body } : each)));
    }
  };
  // After the car was saved: what it shows no longer is nobody's.
  const saveDone = async () => {
    const gone = saved.current.filter((photo) => !ids.includes(photo.documentId));
    saved.current = there.map(({ photo }) => photo);
    await Promise.allSettled(
      gone.map(({ documentId }) => ask(`/api/upload/files/${documentId}`, { method: "DELETE" })),
    );
  };
  return { tiles, ids, busy, unsaved, add, again, remove, moveTo, change, saveTexts, saveDone };
}

export type Photos = ReturnType<typeof usePhotos>;
