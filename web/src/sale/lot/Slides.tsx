import { useEffect, useRef } from "react";
import type { Auction, Photo } from "../../api/types";
import { Picture } from "../standing/Picture";
import css from "./Slides.module.css";

const SETTLE_MS = 120;

interface SlidesProps {
  row: Auction;
  photos: Photo[];
  at: number;
  go: (at: number) => void;
  sizes: string;
  whole?: boolean;
}

// Side by side; the browser's own scrolling is the swipe.
export function Slides({ row, photos, at, go, sizes, whole }: SlidesProps) {
  const box = useRef<HTMLUListElement>(null);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const first = useRef(true);
  const ours = useRef(false); // whether we scroll, not a finger
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const left = at * element.clientWidth;
    if (Math.abs(element.scrollLeft - left) > 1) {
      ours.current = true;
      element.scrollTo({ left, behavior: first.current ? "instant" : "smooth" });
    }
    first.current = false;
  }, [at]);
  useEffect(() => () => clearTimeout(settle.current), []);
  const scrolled = () => {
    clearTimeout(settle.current);
    settle.current = setTimeout(() => {
      const element = box.current;
      if (element && !ours.current) go(Math.round(element.scrollLeft / element.clientWidth));
    }, SETTLE_MS);
  };
  const touched = () => {
    ours.current = false;
  };
  return (
    <ul ref={box} className={css.slides} onScroll={scrolled} onPointerDown={touched} onWheel={touched}>
      {photos.map((photo, index) => (
        <li key={photo.documentId} className={css.slide} inert={index !== at}>
          <Picture row={row} photo={photo} sizes={sizes} eager={index === 0} whole={whole} />
        </li>
      ))}
    </ul>
  );
}
