import type { Auction, Position, Standing } from "../../api/types";
import css from "./StatusLine.module.css";
import { useStatus } from "./status";

interface StatusLineProps {
  row: Auction;
  standing: Standing;
  position: Position | undefined;
}

export function StatusLine({ row, standing, position }: StatusLineProps) {
  const { tone, text, more } = useStatus(row, standing, position);
  return (
    <div className={css.line} data-tone={tone}>
      <p className={css.text}>{text}</p>
      {more && <p className={css.more}>{more}</p>}
    </div>
  );
}
