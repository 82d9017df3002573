import { useTranslations } from "use-intl";
import { useSearchParams } from "wouter";
import { Heading } from "../../shell/Heading";
import { Loading } from "../../shell/Loading";
import { Back } from "../Back";
import { useCar } from "../data";
import css from "../Sell.module.css";
import { DraftForm } from "./DraftForm";
import { newDraft } from "./draft";
import { carName } from "./TermsForm";

// A new draft, of the car that the address names.
export function NewDraftPage() {
  const t = useTranslations("run");
  const [params] = useSearchParams();
  const car = params.get("car") ?? undefined;
  const { data, isPending } = useCar(car);
  if (car && isPending) return <Loading />;
  return (
    <>
      <Back />
      <Heading title={t("newDraft")} className={css.heading} />
      <DraftForm first={newDraft(data ? carName(data.row) : "", data ? data.row.documentId : "")} />
    </>
  );
}
