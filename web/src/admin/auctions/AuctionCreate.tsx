import { Create, SimpleForm } from "react-admin";
import { AuctionForm } from "./AuctionForm";
import { draftTerms } from "./terms";

const FIRST = { format: "english", currency: "EUR", proxy: true, increments: "cars", sale_terms: "pure" };

export default function AuctionCreate() {
  return (
    <Create redirect="show" transform={draftTerms}>
      <SimpleForm defaultValues={FIRST}>
        <AuctionForm />
      </SimpleForm>
    </Create>
  );
}
