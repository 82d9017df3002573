import { useEffect, useState } from "react";
import { get } from "../../api/http";
import { check, type Verdict } from "./check";
import { keepKeys, keptKeys, keptReceipts } from "./kept";
import { importKeys, type Key } from "./proofs";
import type { Held } from "./read";

// The house's public keys: as it shows them now, or as this browser saw them last.
function useKeys(): Key[] {
  const [keys, setKeys] = useState(keptKeys);
  useEffect(() => {
    get<{ keys: Key[] }>("/.well-known/vendue").then(
      ({ keys }) => {
        keepKeys(keys);
        setKeys(keys);
      },
      () => {}, // without a connection those of last time will do
    );
  }, []);
  return keys;
}

// A verdict for each log; null while it is being checked.
export function useCheck(held: Held): Verdict[] | null {
  const shown = useKeys();
  const [verdicts, setVerdicts] = useState<Verdict[] | null>([]);
  useEffect(() => {
    let current = true;
    const whole = { ...held, receipts: [...held.receipts, ...keptReceipts()] };
    const all = async () => {
      const keys = await importKeys(held.keys.length ? held.keys : shown);
      return Promise.all([...held.logs.values()].map((log) => check(log, whole, keys)));
    };
    setVerdicts(held.logs.size ? null : []);
    if (crypto.subtle) all().then((found) => current && setVerdicts(found));
    return () => {
      current = false;
    };
  }, [held, shown]);
  return verdicts;
}
