import {
  AutocompleteInput,
  DataTable,
  type RaRecord,
  ReferenceInput,
  SelectInput,
  SimpleList,
  TextInput,
  useTranslate,
} from "react-admin";
import { exportAs } from "../parts/exportAs";
import { useFormats } from "../parts/formats";
import { MomentInput } from "../parts/inputs";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";
import { BidColumns } from "./BidColumns";
import { type BidRecord, lateMs } from "./late";
import { Outcome } from "./Outcome";

const OUTCOMES = ["leading", "outbid_by_higher_maximum", "outbid_by_earlier_equal", "sealed", "bought"];

function useFilters() {
  const translate = useTranslate();
  const label = (name: string) => translate(`resources.bids.filters.${name}`);
  return [
    <ReferenceInput
      key="auction"
      source="auction:eq"
      reference="auctions"
      sort={{ field: "ends_at", order: "DESC" }}
      alwaysOn
    >
      <AutocompleteInput label={label("auction")} filterToQuery={(q: string) => ({ q })} sx={{ minWidth: 220 }} />
    </ReferenceInput>,
    <SelectInput
      key="status"
      source="status:eq"
      label={label("status")}
      choices={["accepted", "void", "refused"].map((id) => ({ id, name: translate(`vendue.status.${id}`) }))}
    />,
    <SelectInput
      key="outcome"
      source="outcome:eq"
      label={label("outcome")}
      choices={OUTCOMES.map((id) => ({ id, name: translate(`vendue.outcome.${id}`) }))}
    />,
    <TextInput key="alias" source="alias:eq" label={label("alias")} />,
    <MomentInput key="from" source="placed_at:gte" label={label("from")} />,
    <MomentInput key="to" source="placed_at:lte" label={label("to")} />,
  ];
}

const exported = (bid: RaRecord) => ({
  id: bid.documentId,
  auction: bid.auction?.id,
  title: bid.auction?.title,
  currency: bid.auction?.currency,
  alias: bid.alias,
  bidder: bid.bidder,
  amount: bid.amount,
  maximum: bid.maximum,
  kind: bid.kind,
  status: bid.status,
  outcome: bid.outcome,
  seq: bid.seq,
  placed_at: bid.placed_at,
  ms_after_end: lateMs(bid as BidRecord),
});

export default function BidList() {
  const { money, moment } = useFormats();
  return (
    <Rows filters={useFilters()} sort={{ field: "placed_at", order: "DESC" }} exporter={exportAs("bids", exported)}>
      <Narrow
        narrow={
          <SimpleList
            primaryText={(bid) => `${money(bid.amount, bid.auction?.currency)} · ${bid.alias}`}
            secondaryText={(bid) => `${bid.auction?.title} · ${moment(bid.placed_at)}`}
            tertiaryText={(bid) => <Outcome bid={bid} />}
            rowClick={false}
          />
        }
        wide={
          <DataTable bulkActionButtons={false} rowClick={false}>
            {BidColumns({ withAuction: true })}
          </DataTable>
        }
      />
    </Rows>
  );
}
