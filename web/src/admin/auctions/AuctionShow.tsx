import { Box, Button, Typography } from "@mui/material";
import { EditButton, Show, TopToolbar, useRecordContext, useRefresh, useShowContext, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import type { Auction } from "../../api/types";
import { useStanding } from "../../live/use";
import { ActionMenu } from "./ActionMenu";
import { AuctionBids } from "./AuctionBids";
import { AuctionFacts } from "./AuctionFacts";

type Record = Auction & { id: string };

export default function AuctionShow() {
  return (
    <Show actions={<Actions />}>
      <Page />
    </Show>
  );
}

function Actions() {
  const translate = useTranslate();
  const refresh = useRefresh();
  const { record } = useShowContext();
  const standing = useStanding(`${record?.id}`);
  if (!record) return null;
  // The feed knows before the row does that a sale opened or ended.
  const status = standing && standing.seq > (record.seq ?? 0) ? standing.status : record.status;
  return (
    <TopToolbar sx={{ flexWrap: "wrap" }}>
      <ActionMenu asButtons subject={record as Record & { id: string }} status={status} done={refresh} />
      {status === "scheduled" && (
        <Button size="small" component={Link} to={`/auctions/${record.id}/amend`}>
          {translate("vendue.actions.amend.name")}
        </Button>
      )}
      {record.status === "draft" && <EditButton />}
    </TopToolbar>
  );
}

function Page() {
  const translate = useTranslate();
  const record = useRecordContext<Record & { id: string }>();
  if (!record) return null;
  return (
    <Box sx={{ p: 2, display: "grid", gap: 3 }}>
      <AuctionFacts auction={record} />
      {record.status !== "draft" && (
        <section>
          <Typography component="h2" variant="h6">
            {translate("resources.bids.name", 2)}
          </Typography>
          <AuctionBids auction={record} />
        </section>
      )}
    </Box>
  );
}
