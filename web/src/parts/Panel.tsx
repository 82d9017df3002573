import { type ReactNode, useId } from "react";
import css from "./Panel.module.css";

interface PanelProps {
  title: ReactNode;
  lead?: ReactNode;
  id?: string; // to link to
  beside?: ReactNode; // at the end of its head
  children: ReactNode;
}

// A part of a page with its heading.
export function Panel({ title, lead, id, beside, children }: PanelProps) {
  const head = useId();
  return (
    <section id={id} className={css.panel} aria-labelledby={head}>
      <header className={css.head}>
        <h2 id={head} className={css.title}>
          {title}
        </h2>
        {beside}
      </header>
      {lead && <p className={css.lead}>{lead}</p>}
      {children}
    </section>
  );
}
