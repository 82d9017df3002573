import {
  DataTable,
  DeleteWithConfirmButton,
  type RaRecord,
  ReferenceField,
  SimpleList,
  TextField,
  useTranslate,
} from "react-admin";
import { useFormats } from "../parts/formats";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";

export default function TokenList() {
  const translate = useTranslate();
  const { moment } = useFormats();
  const role = (row: RaRecord) => translate(`vendue.role.${row.role}`);
  return (
    <Rows filters={[]} sort={{ field: "createdAt", order: "DESC" }} canExport={false}>
      <Narrow
        narrow={
          <SimpleList
            primaryText={(row) => row.name}
            secondaryText={(row) => `${role(row)} · ${moment(row.expires_at)}`}
            rowClick={false}
          />
        }
        wide={
          <DataTable rowClick={false} bulkActionButtons={false}>
            <DataTable.Col source="name" />
            <DataTable.Col source="user">
              <ReferenceField source="user" reference="users" link="edit">
                <TextField source="username" />
              </ReferenceField>
            </DataTable.Col>
            <DataTable.Col source="role" render={role} />
            <DataTable.Col source="createdAt" render={(row) => <Moment at={row.createdAt} />} />
            <DataTable.Col source="expires_at" render={(row) => <Moment at={row.expires_at} />} />
            <DataTable.Col label="vendue.tokens.end_column" disableSort>
              <DeleteWithConfirmButton
                label="vendue.tokens.end"
                confirmTitle="vendue.tokens.end_title"
                confirmContent="vendue.tokens.end_text"
                mutationMode="pessimistic"
                redirect={false}
              />
            </DataTable.Col>
          </DataTable>
        }
      />
    </Rows>
  );
}
