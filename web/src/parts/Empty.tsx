import type { ReactNode } from "react";
import css from "./Empty.module.css";

// Where a list has nothing: why, and what one may do.
export const Empty = ({ title, text, children }: { title: ReactNode; text?: ReactNode; children?: ReactNode }) => (
  <div className={css.empty}>
    <h2>{title}</h2>
    {text && <p>{text}</p>}
    {children && <div className={css.actions}>{children}</div>}
  </div>
);
