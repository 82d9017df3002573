import { type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import type { Auction } from "../../api/types";
import { IconButton } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Picture } from "../standing/Picture";
import css from "./Gallery.module.css";
import { Slides } from "./Slides";

const THUMBNAIL = "6rem";

// The photos: by thumbnails, by arrow keys, by a swipe, and enlarged.
export function Gallery({ row }: { row: Auction }) {
  const t = useTranslations("auction.gallery");
  const photos = row.car?.photos ?? [];
  const [at, setAt] = useState(0);
  const [enlarged, setEnlarged] = useState(false);
  if (!photos.length) {
    return (
      <div className={css.stage}>
        <Picture row={row} sizes="60vw" />
      </div>
    );
  }
  const go = (by: number) => setAt((now) => (now + by + photos.length) % photos.length);
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(by);
  };
  const arrows = photos.length > 1 && (
    <>
      <IconButton label={t("previous")} look="quiet" className={css.previous} onClick={() => go(-1)}>
        <Icon name="left" />
      </IconButton>
      <IconButton label={t("next")} look="quiet" className={css.next} onClick={() => go(1)}>
        <Icon name="right" />
      </IconButton>
    </>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys of the buttons within
    <div onKeyDown={press}>
      <div className={css.stage}>
        <Slides row={row} photos={photos} at={at} go={setAt} sizes="(max-width: 64rem) 100vw, 50rem" />
        {arrows}
        <IconButton label={t("enlarge")} look="quiet" className={css.enlarge} onClick={() => setEnlarged(true)}>
          <Icon name="enlarge" />
        </IconButton>
        <p className={css.count}>{t("count", { at: at + 1, of: photos.length })}</p>
      </div>
      {photos.length > 1 && (
        <ol className={css.thumbnails}>
          {photos.map((photo, index) => (
            <li key={photo.documentId}>
              <button
                type="button"
                className={css.thumbnail}
                aria-label={t("show", { at: index + 1 })}
                aria-current={index === at}
                onClick={() => setAt(index)}
              >
                <Picture row={row} photo={photo} sizes={THUMBNAIL} />
              </button>
            </li>
          ))}
        </ol>
      )}
      <Dialog
        size="full"
        onKey={press}
        open={enlarged}
        onClose={() => setEnlarged(false)}
        title={`${row.title}: ${t("count", { at: at + 1, of: photos.length })}`}
      >
        <div className={css.whole}>
          <Slides row={row} photos={photos} at={at} go={setAt} sizes="100vw" whole />
          {arrows}
        </div>
      </Dialog>
    </div>
  );
}
