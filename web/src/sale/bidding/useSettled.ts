import { useEffect, useRef } from "react";
import { SETTLE_MS } from "./useBidding";

// Whether an amount on a button has stood there long enough to be what was meant.
export function useSettled(amount: number): () => boolean {
  const changed = useRef({ amount, at: -SETTLE_MS });
  useEffect(() => {
    if (changed.current.amount !== amount) changed.current = { amount, at: performance.now() };
  }, [amount]);
  return () => performance.now() - changed.current.at >= SETTLE_MS;
}
