import { Progress } from "@base-ui/react/progress";
import type { DragEvent } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "../../../parts/Badge";
import { Button, IconButton } from "../../../parts/Button";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import css from "./Photos.module.css";
import type { Tile } from "./usePhotos";

interface PhotoTileProps {
  tile: Tile;
  at: number;
  count: number;
  fixed: boolean;
  dragged: string | null;
  onDrag: (key: string | null) => void;
  onMove: (key: string, to: number) => void;
  onRemove: () => void;
  onAgain: () => void;
  onText: (text: string) => void;
}

export function PhotoTile({ tile, at, count, fixed, dragged, ...on }: PhotoTileProps) {
  const t = useTranslations("car.photos");
  const number = at + 1;
  const start = (event: DragEvent) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", tile.key); // without it Firefox drags nothing
    on.onDrag(tile.key);
  };
  const over = (event: DragEvent) => {
    if (dragged === null) return;
    event.preventDefault();
    if (dragged !== tile.key) on.onMove(dragged, at);
  };
  return (
    <li
      className={css.tile}
      data-photo={tile.photo ? "there" : tile.fault ? "failed" : "sending"}
      data-dragged={dragged === tile.key || undefined}
      onDragOver={over}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons below move it too */}
      <div className={css.frame} draggable={!fixed} onDragStart={start} onDragEnd={() => on.onDrag(null)}>
        {tile.photo && <Shown tile={tile} />}
        {!tile.photo && !tile.fault && <Sending tile={tile} />}
        {tile.fault && (
          <p className={css.fault} role="alert">
            {tile.name}: {tile.fault}
          </p>
        )}
        {at === 0 && tile.photo && (
          <span className={css.first}>
            <Badge tone="accent">{t("first")}</Badge>
          </span>
        )}
      </div>
      {!fixed && (
        <>
          <div className={css.buttons}>
            <IconButton
              label={t("earlier", { number })}
              size="s"
              disabled={at === 0}
              onClick={() => on.onMove(tile.key, at - 1)}
            >
              <Icon name="left" />
            </IconButton>
            <IconButton
              label={t("later", { number })}
              size="s"
              disabled={number === count}
              onClick={() => on.onMove(tile.key, at + 1)}
            >
              <Icon name="right" />
            </IconButton>
            <span className={css.place}>{t("place", { number, count })}</span>
            {tile.fault && tile.file && (
              <Button size="s" onClick={on.onAgain}>
                {t("again")}
              </Button>
            )}
            <IconButton label={t("remove", { number })} size="s" onClick={on.onRemove}>
              <Icon name="close" />
            </IconButton>
          </div>
          {tile.photo && (
            <Field
              label={t("text")}
              placeholder={t("textHint")}
              maxLength={1000}
              value={tile.text}
              onValue={on.onText}
            />
          )}
        </>
      )}
    </li>
  );
}

function Shown({ tile: { photo, text } }: { tile: Tile }) {
  if (!photo) return null;
  const small = photo.formats?.small ?? photo.formats?.thumbnail ?? photo;
  return <img className={css.image} src={small.url} alt={text} draggable={false} />;
}

// A page cannot show a file of the reader's disk under our policy: so its name, until it has come back.
function Sending({ tile: { name, progress } }: { tile: Tile }) {
  const t = useTranslations("car.photos");
  const sent = progress >= 1;
  return (
    <Progress.Root className={css.progress} value={sent ? null : Math.round(progress * 100)}>
      <Progress.Label className={css.name}>{name}</Progress.Label>
      <Progress.Track className={css.track}>
        <Progress.Indicator className={css.indicator} />
      </Progress.Track>
      <span className={css.name}>{t(sent ? "developing" : "sending")}</span>
    </Progress.Root>
  );
}
