import { Create, SimpleForm } from "react-admin";
import { CarForm } from "./CarForm";

export default function CarCreate() {
  return (
    <Create redirect="edit">
      <SimpleForm>
        <CarForm />
      </SimpleForm>
    </Create>
  );
}
