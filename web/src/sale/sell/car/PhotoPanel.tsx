import { type DragEvent, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { MOST_BYTES, TAKEN } from "../../../api/upload";
import { Button } from "../../../parts/Button";
import { Panel } from "../../../parts/Panel";
import css from "./Photos.module.css";
import { PhotoTile } from "./PhotoTile";
import type { Photos } from "./usePhotos";

const MIB = 2 ** 20;

export function PhotoPanel({ photos, fixed }: { photos: Photos; fixed: boolean }) {
  const t = useTranslations("car.photos");
  const format = useFormatter();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false); // files are held above it
  const [dragged, setDragged] = useState<string | null>(null); // a tile
  const [said, setSaid] = useState("");
  const { tiles } = photos;

  const take = (list: FileList | null) => {
    if (list?.length) photos.add([...list]);
    if (input.current) input.current.value = "";
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  };
  const hover = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const move = (key: string, to: number) => {
    photos.moveTo(key, to);
    setSaid(t("moved", { place: to + 1, count: tiles.length }));
  };
  return (
    <Panel title={t("title")} lead={fixed ? undefined : t("lead")}>
      <ol className={css.tiles}>
        {tiles.map((tile, at) => (
          <PhotoTile
            key={tile.key}
            tile={tile}
            at={at}
            count={tiles.length}
            fixed={fixed}
            dragged={dragged}
            onDrag={setDragged}
            onMove={move}
            onRemove={() => photos.remove(tile.key)}
            onAgain={() => photos.again(tile)}
            onText={(text) => photos.change(tile.key, { text })}
          />
        ))}
      </ol>
      {!fixed && (
        // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be picked by the button within
        <div
          className={css.drop}
          data-over={over || undefined}
          onDragOver={hover}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <p>{t("drop")}</p>
          <Button onClick={() => input.current?.click()}>{t("pick")}</Button>
          <input
            ref={input}
            type="file"
            className={css.input}
            accept={TAKEN.join()}
            multiple
            tabIndex={-1}
            aria-label={t("pick")}
            onChange={(event) => take(event.target.files)}
          />
          <p className={css.limits}>{t("limits", { size: format.number(MOST_BYTES / MIB) })}</p>
        </div>
      )}
      <p className="unseen" role="status">
        {said}
      </p>
    </Panel>
  );
}
