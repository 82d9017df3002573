import { Link } from "@mui/material";
import {
  AutocompleteInput,
  DataTable,
  FunctionField,
  type RaRecord,
  ReferenceField,
  ReferenceInput,
  SearchInput,
  SelectInput,
  SimpleList,
  TextField,
  TextInput,
  useTranslate,
} from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { exportAs } from "../parts/exportAs";
import { NOTHING, useFormats } from "../parts/formats";
import { MomentInput } from "../parts/inputs";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";
import { StatusChip } from "../parts/StatusChip";
import { Changes } from "./Changes";

const SUBJECTS = ["cars", "auctions", "users", "files", "roles", "api_tokens"];
const PAGES: Record<string, (id: string) => string> = {
  cars: (id) => `/cars/${id}/show`,
  auctions: (id) => `/auctions/${id}/show`,
  users: (id) => `/users/${id}`,
  files: (id) => `/files/${id}`,
  roles: () => "/roles",
};

// Reasons and changes are sentences.
const WRAPPED = { "& .column-reason, & .column-changes": { whiteSpace: "normal !important", minWidth: 160 } };

function useFilters() {
  const translate = useTranslate();
  const label = (name: string) => translate(`resources.audit-log.filters.${name}`);
  const subjects = SUBJECTS.map((id) => ({
    id,
    name: translate(`resources.${id.replace("_", "-")}.name`, { smart_count: 2 }),
  }));
  return [
    <SearchInput key="q" source="q" alwaysOn placeholder={label("reason")} />,
    <SelectInput key="subject" source="subject:eq" label={label("subject")} choices={subjects} alwaysOn />,
    <ReferenceInput key="user" source="user:eq" reference="users" filter={{ "role:in": ["auctioneer", "admin"] }}>
      <AutocompleteInput label={label("user")} filterToQuery={(q: string) => ({ q })} />
    </ReferenceInput>,
    <TextInput key="action" source="action:containsi" label={label("action")} />,
    <TextInput key="subject_id" source="subject_id:eq" label={label("subject_id")} />,
    <MomentInput key="from" source="at:gte" label={label("from")} />,
    <MomentInput key="to" source="at:lte" label={label("to")} />,
  ];
}

const exported = ({ at, user, role, action, subject, subject_id, changes, reason, outcome }: RaRecord) => ({
  at: new Date(at).toISOString(),
  user,
  role,
  action,
  subject,
  subject_id,
  changes,
  reason,
  outcome,
});

export default function LogList() {
  const translate = useTranslate();
  const { moment } = useFormats();
  const action = (row: RaRecord) => translate(`vendue.action.${row.action}`, { _: row.action });
  return (
    <Rows filters={useFilters()} sort={{ field: "at", order: "DESC" }} exporter={exportAs("audit-log", exported)}>
      <Narrow
        narrow={
          <SimpleList
            primaryText={action}
            secondaryText={(row) => `${moment(row.at)}${row.reason ? ` · ${row.reason}` : ""}`}
            tertiaryText={(row) => <StatusChip status={row.outcome} />}
            rowClick={false}
          />
        }
        wide={
          <DataTable bulkActionButtons={false} rowClick={false} sx={WRAPPED}>
            <DataTable.Col source="at" render={(row) => <Moment at={row.at} />} />
            <DataTable.Col source="user">
              <ReferenceField source="user" reference="users" link="edit">
                <TextField source="username" />
              </ReferenceField>
            </DataTable.Col>
            <DataTable.Col source="action" render={action} />
            <DataTable.Col source="subject_id">
              <FunctionField render={(row) => <Subject row={row} />} />
            </DataTable.Col>
            <DataTable.Col source="reason" />
            <DataTable.Col
              source="changes"
              disableSort
              render={(row) => <Changes changes={row.changes} subject={row.subject} />}
            />
            <DataTable.Col source="outcome" render={(row) => <StatusChip status={row.outcome} />} />
          </DataTable>
        }
      />
    </Rows>
  );
}

function Subject({ row }: { row: RaRecord }) {
  if (!row.subject_id) return NOTHING; // of what was created the log keeps no id
  const page = PAGES[row.subject]?.(row.subject_id);
  const name = `${row.subject_id ?? ""}`.slice(0, 10);
  return page ? (
    <Link component={RouterLink} to={page}>
      {name}
    </Link>
  ) : (
    name
  );
}
