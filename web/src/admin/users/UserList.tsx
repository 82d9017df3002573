import {
  BulkExportButton,
  DataTable,
  NullableBooleanInput,
  type RaRecord,
  SearchInput,
  SelectInput,
  SimpleList,
  TextInput,
  useTranslate,
} from "react-admin";
import { exportAs } from "../parts/exportAs";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";
import { StatusChip } from "../parts/StatusChip";
import { BulkBlock } from "./BulkBlock";

export const ROLES = ["authenticated", "seller", "auctioneer", "admin"];

export function useRoles() {
  const translate = useTranslate();
  return ROLES.map((id) => ({ id, name: translate(`vendue.role.${id}`) }));
}

function useFilters() {
  const translate = useTranslate();
  const label = (name: string) => translate(`resources.users.fields.${name}`);
  return [
    <SearchInput key="q" source="q" alwaysOn />,
    <SelectInput key="role" source="role:eq" label={label("role")} choices={useRoles()} alwaysOn />,
    <NullableBooleanInput key="blocked" source="blocked:eq" label={label("blocked")} />,
    <TextInput key="paddle" source="paddle:eq" label={label("paddle")} />,
    <TextInput key="party" source="party:eq" label={label("party")} />,
  ];
}

const exported = ({ documentId, username, email, role, confirmed, blocked, paddle, party, createdAt }: RaRecord) => ({
  id: documentId,
  username,
  email,
  role,
  confirmed,
  blocked,
  paddle,
  party,
  createdAt,
});

export default function UserList() {
  const translate = useTranslate();
  const role = (user: RaRecord) => translate(`vendue.role.${user.role}`);
  return (
    <Rows filters={useFilters()} sort={{ field: "username", order: "ASC" }} exporter={exportAs("users", exported)}>
      <Narrow
        narrow={
          <SimpleList
            primaryText={(user) => user.username}
            secondaryText={(user) => `${role(user)} · ${user.email}`}
            tertiaryText={(user) => user.blocked && <StatusChip status="blocked" />}
            rowClick="edit"
          />
        }
        wide={
          <DataTable
            rowClick="edit"
            bulkActionButtons={
              <>
                <BulkBlock blocked />
                <BulkBlock blocked={false} />
                <BulkExportButton />
              </>
            }
          >
            <DataTable.Col source="username" />
            <DataTable.Col source="email" />
            <DataTable.Col source="role" render={role} />
            <DataTable.Col source="paddle" />
            <DataTable.Col source="party" />
            <DataTable.Col source="blocked" render={(user) => user.blocked && <StatusChip status="blocked" />} />
            <DataTable.Col source="createdAt" render={(user) => <Moment at={user.createdAt} />} />
          </DataTable>
        }
      />
    </Rows>
  );
}
