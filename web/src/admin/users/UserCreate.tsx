import { Create, SimpleForm } from "react-admin";
import { UserForm } from "./UserForm";

export default function UserCreate() {
  return (
    <Create redirect="list">
      <SimpleForm defaultValues={{ role: "authenticated", confirmed: true }}>
        <UserForm creating />
      </SimpleForm>
    </Create>
  );
}
