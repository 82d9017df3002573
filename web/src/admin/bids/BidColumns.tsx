// What a bid's row shows, with how long before or after the end it came.

import { Link } from "@mui/material";
import { DataTable, FunctionField, type RaRecord, ReferenceField, TextField } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { useFormats } from "../parts/formats";
import { Moment } from "../parts/Moment";
import { type BidRecord, lateBy } from "./late";
import { Outcome } from "./Outcome";

export function BidColumns({ withAuction }: { withAuction: boolean }) {
  return [
    <DataTable.Col key="placed_at" source="placed_at">
      <FunctionField render={(bid) => <Moment at={bid.placed_at} exact />} />
    </DataTable.Col>,
    withAuction && (
      <DataTable.Col key="auction" source="auction" disableSort>
        <FunctionField
          render={(bid) =>
            bid.auction && (
              <Link component={RouterLink} to={`/auctions/${bid.auction.id}/show`}>
                {bid.auction.title}
              </Link>
            )
          }
        />
      </DataTable.Col>
    ),
    <DataTable.Col key="alias" source="alias" />,
    <DataTable.Col key="bidder" source="bidder" disableSort>
      <ReferenceField source="bidder" reference="users" link="edit">
        <TextField source="username" />
      </ReferenceField>
    </DataTable.Col>,
    <DataTable.Col key="amount" source="amount" disableSort align="right">
      <FunctionField render={(bid) => <Amount bid={bid} of="amount" />} />
    </DataTable.Col>,
    <DataTable.Col key="maximum" source="maximum" disableSort align="right">
      <FunctionField render={(bid) => <Amount bid={bid} of="maximum" />} />
    </DataTable.Col>,
    <DataTable.Col key="outcome" source="outcome">
      <FunctionField render={(bid) => <Outcome bid={bid} />} />
    </DataTable.Col>,
    <DataTable.Col key="before_end" source="before_end" disableSort align="right">
      <FunctionField<BidRecord> render={(bid) => <BeforeEnd bid={bid} />} />
    </DataTable.Col>,
    <DataTable.NumberCol key="seq" source="seq" />,
  ];
}

function Amount({ bid, of }: { bid: RaRecord; of: "amount" | "maximum" }) {
  return <>{useFormats().money(bid[of], bid.auction?.currency)}</>;
}

function BeforeEnd({ bid }: { bid: BidRecord }) {
  const { number } = useFormats();
  return <>{lateBy(bid, number)}</>;
}
