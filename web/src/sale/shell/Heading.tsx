import { type ReactNode, useEffect, useRef } from "react";
import { cameFromInside, useTitle } from "./visits";

interface HeadingProps {
  title: string; // of the tab
  children?: ReactNode; // what is shown, where it is not the title
  unseen?: boolean;
  className?: string;
}

// A page's h1. When one comes from another page it takes the focus, so that a screen reader says where one is.
export function Heading({ title, children, unseen, className }: HeadingProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (cameFromInside()) ref.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1} className={unseen ? "unseen" : className}>
      {children ?? title}
    </h1>
  );
}
