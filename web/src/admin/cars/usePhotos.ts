// The list of a car's photos in a form: what is added, moved and taken out is saved with the form.

import { useState } from "react";
import { useInput } from "react-admin";
import type { Photo } from "../../api/types";
import { useFault } from "../parts/useResult";
import { sendPhoto } from "./send";

export interface Sending {
  name: string;
  part: number; // 0 to 1
  fault?: string;
}

export type FormPhoto = Photo & { id: string | number };

export function usePhotos(source: string) {
  const { field, fieldState } = useInput({ source, defaultValue: [] });
  const faultOf = useFault();
  const [sending, setSending] = useState<Sending[]>([]);
  const photos: FormPhoto[] = field.value ?? [];

  function note(name: string, change: Partial<Sending>) {
    setSending((all) => all.map((each) => (each.name === name ? { ...each, ...change } : each)));
  }

  async function add(files: File[]) {
    setSending((all) => [...all, ...files.map(({ name }) => ({ name, part: 0 }))]);
    const done: FormPhoto[] = [];
    // One at a time: the server reads one of an account at a time, and the order stays.
    for (const file of files) {
      try {
        done.push((await sendPhoto(file, (part) => note(file.name, { part }))) as FormPhoto);
        setSending((all) => all.filter(({ name }) => name !== file.name));
        field.onChange([...photos, ...done]);
      } catch (error) {
        note(file.name, { fault: faultOf(error) });
      }
    }
  }

  function move(from: number, to: number) {
    if (to < 0 || to >= photos.length || from === to) return;
    const list = [...photos];
    const [moved] = list.splice(from, 1);
    if (moved) list.splice(to, 0, moved);
    field.onChange(list);
  }

  return {
    photos,
    sending,
    fault: fieldState.error?.message,
    add,
    move,
    remove: (at: number) => field.onChange(photos.filter((_, each) => each !== at)),
    replace: (photo: FormPhoto) => field.onChange(photos.map((each) => (each.id === photo.id ? photo : each))),
    dismiss: (name: string) => setSending((all) => all.filter((each) => each.name !== name)),
  };
}
