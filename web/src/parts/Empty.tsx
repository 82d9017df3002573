import type { ReactNode } from "react";
import css from "./Empty.module.css";

interface EmptyProps {
  title: ReactNode;
  text?: ReactNode;
  whole?: boolean; // it is all that the page says: its title is the page's
  children?: ReactNode;
}

// Where a list has nothing, or a page: why, and what one may do.
export const Empty = ({ title, text, whole, children }: EmptyProps) => (
  <div className={css.empty}>
    {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
    {text && <p>{text}</p>}
    {children && <div className={css.actions}>{children}</div>}
  </div>
);
