import css from "./Skeleton.module.css";

// The place of what is still being read.
export function Skeleton({ width = "100%", height = "1em" }: { width?: string; height?: string }) {
  return <span className={css.skeleton} style={{ width, height }} aria-hidden="true" />;
}
