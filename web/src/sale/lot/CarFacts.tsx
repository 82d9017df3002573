import { useFormatter, useTranslations } from "use-intl";
import type { Car } from "../../api/types";
import css from "./Facts.module.css";

export function CarFacts({ car }: { car: Car }) {
  const t = useTranslations("auction");
  const format = useFormatter();
  const facts = [
    ["make", car.make],
    ["model", car.model],
    ["year", car.year && String(car.year)],
    ["mileage", car.mileage !== null && format.number(car.mileage)],
    ["condition", car.condition],
    ["location", car.location],
    ["vin", car.vin],
  ] as const;
  return (
    <section>
      <h2>{t("theCar")}</h2>
      <dl className={css.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className={css.fact}>
                <dt>{t(`car.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
