import { useCallback } from "react";
import { useTranslations } from "use-intl";
import type { Auction } from "../../api/types";

// What a car is in one line: year unless the title has it, mileage, place. A mileage has no unit: the API knows none.
export function useFactsLine(): (row: Auction) => string {
  const t = useTranslations("auctions");
  return useCallback(
    ({ car, title }) => {
      if (!car) return "";
      const year = car.year && !title.includes(String(car.year)) ? String(car.year) : null;
      const mileage = car.mileage === null ? null : t("mileage", { count: car.mileage });
      return [year, mileage, car.location].filter(Boolean).join(" · ");
    },
    [t],
  );
}
