// Whose bids on an auction may be retracted: the bidders with bids that stand, the latest first.

import { MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { type RaRecord, useDataProvider, useTranslate } from "react-admin";
import { useFormats } from "../parts/formats";

interface Bidder {
  id: string;
  alias: string;
  name: string;
  amount: string;
}

export function BidderChoice({
  auction,
  value,
  choose,
}: {
  auction: string;
  value: string;
  choose: (id: string) => void;
}) {
  const translate = useTranslate();
  const { money } = useFormats();
  const provider = useDataProvider();
  const { data: bidders = [], isSuccess } = useQuery({
    queryKey: ["bidders", auction],
    gcTime: 0,
    queryFn: async (): Promise<Bidder[]> => {
      const { data: bids } = await provider.getList<RaRecord>("bids", {
        filter: { "auction:eq": auction, "status:eq": "accepted" },
        sort: { field: "seq", order: "DESC" },
        pagination: { page: 1, perPage: 500 },
      });
      const latest = new Map<string, RaRecord>();
      for (const bid of bids) if (!latest.has(bid.bidder)) latest.set(bid.bidder, bid);
      const { data: users } = latest.size
        ? await provider.getMany<RaRecord>("users", { ids: [...latest.keys()] })
        : { data: [] };
      const names = new Map(users.map((user) => [user.id, user.username as string]));
      return [...latest].map(([id, bid]) => ({
        id,
        alias: bid.alias,
        name: names.get(id) ?? id,
        amount: bid.amount === null ? "" : money(bid.amount, bid.auction?.currency),
      }));
    },
  });
  return (
    <TextField
      select
      fullWidth
      required
      autoFocus
      label={translate("vendue.actions.retract.bidder")}
      helperText={isSuccess && !bidders.length ? translate("vendue.actions.retract.nobody") : undefined}
      value={value}
      onChange={(event) => choose(event.target.value)}
    >
      {bidders.map(({ id, alias, name, amount }) => (
        <MenuItem key={id} value={id}>
          {`${alias} · ${name}${amount && ` · ${amount}`}`}
        </MenuItem>
      ))}
    </TextField>
  );
}
