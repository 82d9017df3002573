import type { ReactNode } from "react";
import css from "./Note.module.css";

interface NoteProps {
  tone?: "plain" | "accent" | "ending" | "danger";
  alert?: boolean; // read out at once
  children: ReactNode;
}

// A few sentences that stand out.
export const Note = ({ tone = "plain", alert, children }: NoteProps) => (
  <div className={css.note} data-tone={tone} role={alert ? "alert" : undefined}>
    {children}
  </div>
);
