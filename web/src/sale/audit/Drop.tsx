import { type DragEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../../parts/Button";
import css from "./AuditPage.module.css";

export type Add = (files: { name: string; text: string }[]) => void;

// Files by drag and drop, or chosen.
export function Drop({ add }: { add: Add }) {
  const t = useTranslations("audit");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = async (files: FileList | null) =>
    add(await Promise.all([...(files ?? [])].map(async (file) => ({ name: file.name, text: await file.text() }))));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button does the same by keyboard
    <div
      className={css.drop}
      data-over={over || undefined}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{t("drop")}</p>
      <Button onClick={() => input.current?.click()}>{t("choose")}</Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("choose")}
        accept=".jsonl,.json,.txt"
        onChange={(event) => {
          take(event.target.files);
          event.target.value = ""; // so that the same file can be chosen again
        }}
      />
    </div>
  );
}
