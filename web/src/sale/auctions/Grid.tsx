import { defaultRangeExtractor, type Range, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Auction } from "../../api/types";
import type { Filters } from "./filters";
import css from "./Grid.module.css";
import { LotCard } from "./LotCard";
import { useOrder } from "./order";

const LEAST_WIDTH = 272;
const GAP = 20;
const CARD_FACTS = 190; // of a card's height, below its picture
const EAGER = 4;

interface GridProps {
  rows: ReadonlyMap<string, Auction>;
  filters: Filters;
  more: () => void; // when the end comes near
}

const idOf = (target: EventTarget) => (target as Element).closest<HTMLElement>("[data-id]")?.dataset.id ?? null;

// Cards in rows, of which only those in sight exist.
export function Grid({ rows, filters, more }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<string | null>(null);
  const [{ columns, width, top }, setLayout] = useState({ columns: 1, width: 320, top: 0 });
  const order = useOrder(rows, filters, held);
  const count = Math.ceil(order.length / columns);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth } = element;
      const fit = Math.max(1, Math.floor((clientWidth + GAP) / (LEAST_WIDTH + GAP)));
      setLayout({
        columns: fit,
        width: (clientWidth - (fit - 1) * GAP) / fit,
        top: element.getBoundingClientRect().top + scrollY,
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  // The row with the focus stays, however far one scrolls from it.
  const range = useCallback(
    (shown: Range) => {
      const at = held.current ? order.indexOf(held.current) : -1;
      const row = Math.floor(at / columns);
      const indexes = defaultRangeExtractor(shown);
      return at < 0 || indexes.includes(row) ? indexes : [...indexes, row].sort((a, b) => a - b);
    },
    [order, columns],
  );
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => (width * 2) / 3 + CARD_FACTS + GAP,
    overscan: 3,
    scrollMargin: top,
    rangeExtractor: range,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= count - 3) more();
  }, [last, count, more]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width makes other heights
  useEffect(() => virtual.measure(), [width, columns]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only learns which card is in use
    <div
      ref={box}
      className={css.grid}
      style={{ height: virtual.getTotalSize() }}
      onPointerOver={({ target }) => {
        held.current = idOf(target);
      }}
      onPointerLeave={() => {
        held.current = document.activeElement && idOf(document.activeElement);
      }}
      onFocus={({ target }) => {
        held.current = idOf(target);
      }}
      onBlur={() => {
        held.current = null;
      }}
    >
      {items.map(({ key, index, start }) => (
        <div
          key={key}
          ref={virtual.measureElement}
          data-index={index}
          className={css.row}
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            translate: `0 ${start - virtual.options.scrollMargin}px`,
          }}
        >
          {order.slice(index * columns, (index + 1) * columns).map((id) => {
            const row = rows.get(id);
            return row && <LotCard key={id} row={row} eager={index * columns < EAGER} />;
          })}
        </div>
      ))}
    </div>
  );
}
