import {
  AutocompleteInput,
  BulkExportButton,
  DataTable,
  type RaRecord,
  ReferenceInput,
  SearchInput,
  SelectArrayInput,
  SelectInput,
  SimpleList,
  TextInput,
  useListContext,
  useTranslate,
} from "react-admin";
import { BulkDelete } from "../parts/BulkDelete";
import { exportAs } from "../parts/exportAs";
import { useFormats } from "../parts/formats";
import { MomentInput } from "../parts/inputs";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";
import { StatusChip } from "../parts/StatusChip";
import { FORMATS } from "./terms";

const STATUSES = ["draft", "scheduled", "live", "pending_approval", "countered", "sold", "unsold", "cancelled"];

function useFilters() {
  const translate = useTranslate();
  const label = (name: string) => translate(`resources.auctions.filters.${name}`);
  const named = (group: string, ids: string[]) => ids.map((id) => ({ id, name: translate(`vendue.${group}.${id}`) }));
  return [
    <SearchInput key="q" source="q" alwaysOn />,
    <SelectArrayInput
      key="status"
      source="status:in"
      label={label("status")}
      choices={named("status", STATUSES)}
      alwaysOn
    />,
    <SelectInput key="format" source="format:eq" label={label("format")} choices={named("format", FORMATS)} />,
    <TextInput key="make" source="car/make:containsi" label={label("make")} />,
    <MomentInput key="from" source="ends_at:gte" label={label("ends_from")} />,
    <MomentInput key="to" source="ends_at:lte" label={label("ends_to")} />,
    <ReferenceInput key="seller" source="seller:eq" reference="users">
      <AutocompleteInput label={label("seller")} filterToQuery={(q: string) => ({ q })} />
    </ReferenceInput>,
  ];
}

const exported = ({ car, seller, documentId, number: _, id: __, ...row }: RaRecord) => ({
  id: documentId,
  ...row,
  car: car?.vin ?? car?.id,
  seller: seller?.username,
});

export default function AuctionList() {
  const { moment, money, number } = useFormats();
  return (
    <Rows filters={useFilters()} sort={{ field: "ends_at", order: "DESC" }} exporter={exportAs("auctions", exported)}>
      <Narrow
        narrow={
          <SimpleList
            primaryText={(row) => row.title}
            secondaryText={(row) =>
              `${money(row.hammer_price ?? row.price ?? row.starting_price, row.currency)} · ${moment(row.ends_at)}`
            }
            tertiaryText={(row) => <StatusChip status={row.status} />}
            rowClick="show"
          />
        }
        wide={
          <DataTable
            rowClick="show"
            bulkActionButtons={
              <>
                <BulkExportButton />
                <DeleteDrafts />
              </>
            }
          >
            <DataTable.Col source="title" />
            <DataTable.Col source="status" render={(row) => <StatusChip status={row.status} />} />
            <DataTable.Col source="format" render={(row) => <Format format={row.format} />} />
            <DataTable.Col
              source="price"
              align="right"
              render={(row) => money(row.hammer_price ?? row.price, row.currency)}
            />
            <DataTable.Col source="bids_count" align="right" render={(row) => number(row.bids_count ?? 0)} />
            <DataTable.Col source="seller" disableSort render={(row) => row.seller?.username} />
            <DataTable.Col source="ends_at" render={(row) => <Moment at={row.ends_at} />} />
            <DataTable.Col source="starts_at" render={(row) => <Moment at={row.starts_at} />} />
          </DataTable>
        }
      />
    </Rows>
  );
}

// What is listed stays in the log for ever: only drafts go.
function DeleteDrafts() {
  const { data, selectedIds } = useListContext();
  const listed = data?.some((row) => selectedIds.includes(row.id) && row.status !== "draft");
  return listed ? null : <BulkDelete />;
}

function Format({ format }: { format: string | null }) {
  const translate = useTranslate();
  return format ? translate(`vendue.format.${format}`) : "";
}
