import { DataTable, Pagination, ReferenceManyField } from "react-admin";
import type { Auction } from "../../api/types";
import { BidColumns } from "../bids/BidColumns";

export function AuctionBids({ auction }: { auction: Auction }) {
  return (
    <ReferenceManyField
      record={{ ...auction, id: auction.documentId }}
      reference="bids"
      target="auction:eq"
      label={false}
      sort={{ field: "seq", order: "DESC" }}
      pagination={<Pagination />}
    >
      <DataTable bulkActionButtons={false} rowClick={false}>
        {BidColumns({ withAuction: false })}
      </DataTable>
    </ReferenceManyField>
  );
}
