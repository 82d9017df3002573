import { useState } from "react";
import { useTranslations } from "use-intl";
import { Failed } from "../../own/Failed";
import { Heading } from "../../shell/Heading";
import { Loading } from "../../shell/Loading";
import { Back } from "../Back";
import { useCar } from "../data";
import css from "../Sell.module.css";
import { carName } from "../terms/TermsForm";
import { CarForm } from "./CarForm";

// A new car, or one by its id.
export function CarPage({ id }: { id?: string }) {
  const t = useTranslations("car");
  const { data, isError, refetch } = useCar(id);
  const [version, setVersion] = useState(0); // what is read again by itself must not wipe out what is typed
  const startAgain = async () => {
    await refetch();
    setVersion((before) => before + 1);
  };
  if (id && !data) return isError ? <Failed again={refetch} /> : <Loading />;
  return (
    <div className={css.narrow}>
      <Back />
      <Heading title={data ? carName(data.row) : t("new")} className={css.heading} />
      <CarForm key={version} found={data} startAgain={startAgain} />
    </div>
  );
}
