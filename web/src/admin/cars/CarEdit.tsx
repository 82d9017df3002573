import { DeleteButton, SaveButton, ShowButton, SimpleForm, Toolbar, TopToolbar } from "react-admin";
import { GuardedEdit } from "../conflict/GuardedEdit";
import { CarForm } from "./CarForm";

export default function CarEdit() {
  return (
    <GuardedEdit
      subject="cars"
      actions={
        <TopToolbar>
          <ShowButton />
        </TopToolbar>
      }
    >
      <SimpleForm
        toolbar={
          <Toolbar>
            <SaveButton />
            <DeleteButton mutationMode="pessimistic" sx={{ ml: "auto" }} />
          </Toolbar>
        }
      >
        <CarForm />
      </SimpleForm>
    </GuardedEdit>
  );
}
