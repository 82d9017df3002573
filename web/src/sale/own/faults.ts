// What the server finds wrong, in the reader's words where we have them; else in its own.

import { useCallback } from "react";
import { useTranslations } from "use-intl";

const SENTENCES = {
  "ends_at must be in the future": "endsPast",
  "ends_at must be after starts_at": "endsBeforeStart",
  "reserve_price must be at least starting_price": "reserveLow",
  "buy_now_price must be above starting_price": "buyNowLow",
  "buy_now_price must be at least reserve_price": "buyNowBelowReserve",
  "floor_price must be at most starting_price": "floorHigh",
  "price must be above the standing price and at most the reserve": "offerRange",
  "This attribute must be unique": "taken",
  "currentPassword must be the account's password": "wrongPassword",
  "The provided current password is invalid": "wrongPassword",
  "Your new password must be different than your current password": "samePassword",
  "Email or Username are already taken": "nameTaken",
  "Username already taken": "nameTaken",
  "Email already taken": "nameTaken",
  "Sales are under way that this account sells or bids in: wait for their end": "underWay",
  "This car is or was up for sale: its auctions refer to it": "carSold",
} as const;

export function useFaultWords(): (message: string) => string {
  const t = useTranslations("own.faults");
  return useCallback(
    (message) => {
      const known = SENTENCES[message as keyof typeof SENTENCES];
      if (known) return t(known);
      if (/ (must be defined\.|is required|cannot be empty)/.test(message)) return t("missing");
      const characters = /must be at (most|least) (\d+) characters/.exec(message);
      if (characters) {
        return t(characters[1] === "most" ? "longest" : "shortest", { count: Number(characters[2]) });
      }
      const bound = /(greater|less) than or equal to (\d+)|Expected `int` (>=|<=) (\d+)/.exec(message);
      if (!bound) return message;
      const low = bound[1] === "greater" || bound[3] === ">=";
      return t(low ? "atLeast" : "atMost", { value: bound[2] ?? bound[4] ?? "" });
    },
    [t],
  );
}
