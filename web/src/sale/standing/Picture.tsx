import type { Auction, Photo } from "../../api/types";
import css from "./Picture.module.css";

interface PictureProps {
  row: Pick<Auction, "title" | "car">;
  photo?: Photo | undefined;
  sizes: string; // as the attribute
  eager?: boolean;
  whole?: boolean; // not cut to the frame
}

// A photo of the car, or where there is none a drawing of its kind.
export function Picture({ row, photo, sizes, eager, whole }: PictureProps) {
  if (!photo) {
    return (
      <span className={css.drawn} data-paint={paintOf(row)}>
        <svg className={css.car} viewBox="0 0 200 64" aria-hidden="true">
          <use href={`/cars.svg#${bodyOf(row)}`} />
        </svg>
      </span>
    );
  }
  return (
    <img
      className={whole ? css.whole : css.photo}
      src={nearest(photo, 750)}
      srcSet={sources(photo)}
      sizes={sizes}
      width={photo.width}
      height={photo.height}
      alt={photo.alternativeText ?? ""}
      loading={eager ? "eager" : "lazy"}
      decoding="async"
      draggable={false}
    />
  );
}

const versions = (photo: Photo) =>
  [...Object.values(photo.formats ?? {}), photo].map(({ url, width }) => ({ url, width }));

const sources = (photo: Photo) =>
  versions(photo)
    .map(({ url, width }) => `${url} ${width}w`)
    .join(", ");

function nearest(photo: Photo, width: number): string {
  const sorted = versions(photo).sort((a, b) => Math.abs(a.width - width) - Math.abs(b.width - width));
  return sorted[0]?.url ?? photo.url;
}

const BODIES: [string, RegExp][] = [
  ["pickup", /pick-?up|hilux|ranger|f-150/],
  ["estate", /estate|wagon|touring|avant|combi/],
  ["van", /\bvan\b|transporter|berlingo/],
  ["suv", /\bsuv\b|land cruiser|defender|jeep|4x4/],
  ["roadster", /roadster|convertible|cabriolet|spider|mx-5/],
  ["coupe", /coup[eé]|mustang|corvette|911/],
  ["hatchback", /hatchback|golf|clio|leaf|fiat 500/],
];
const PAINTS = ["black", "white", "silver", "grey", "blue", "red", "green", "orange", "beige"];

function bodyOf({ title, car }: PictureProps["row"]): string {
  const text = `${title} ${car?.description ?? ""}`.toLowerCase();
  return BODIES.find(([, words]) => words.test(text))?.[0] ?? "saloon";
}

function paintOf({ car }: PictureProps["row"]): string {
  const text = (car?.description ?? "").toLowerCase();
  return PAINTS.find((each) => text.startsWith(each)) ?? "plain";
}
