import { type FocusEvent, useLayoutEffect, useRef } from "react";

// What has the focus may go while it is in use, as the button of the next bid does once one leads: then the box around it
// has it, and the keyboard goes on from there.
export function useKeptFocus<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  const inside = useRef(false);
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  });
  return {
    ref,
    tabIndex: -1,
    onFocus: () => {
      inside.current = true;
    },
    onBlur: ({ relatedTarget, currentTarget }: FocusEvent<T>) => {
      inside.current = currentTarget.contains(relatedTarget);
    },
  };
}
