import type { ReactNode } from "react";
import css from "./Badge.module.css";

export type BadgeTone = "plain" | "leading" | "outbid" | "ending" | "accent";

export const Badge = ({ tone = "plain", children }: { tone?: BadgeTone; children: ReactNode }) => (
  <span className={css.badge} data-tone={tone}>
    {children}
  </span>
);
