import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction, Bid, Page } from "../../api/types";
import { Icon } from "../../parts/Icon";
import { useLotStanding } from "../standing/use";
import { BidLine } from "../why/BidLine";
import lines from "../why/BidLine.module.css";
import { useCalm } from "../why/data";
import css from "./OwnBids.module.css";

const MOST = 100;

// My bids on a lot, also those that were refused, once asked for.
export function OwnBids({ row }: { row: Auction }) {
  const t = useTranslations("mine");
  const [open, setOpen] = useState(false);
  return (
    <details
      className={css.bids}
      onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}
    >
      <summary className={css.head}>
        {t("bids")}
        <Icon name="down" size={16} />
      </summary>
      {open && <List row={row} />}
    </details>
  );
}

function List({ row }: { row: Auction }) {
  const parts = useTranslations("parts");
  const standing = useLotStanding(row);
  const seq = useCalm(standing.seq);
  const { data, isError } = useQuery({
    queryKey: ["own", "bids", row.documentId, seq],
    queryFn: ({ signal }) => {
      const query = {
        filters: { auction: row.documentId, mine: true },
        sort: "seq:desc",
        pagination: { pageSize: MOST },
      };
      return get<Page<Bid>>(`/api/bids?${toQuery(query)}`, signal);
    },
    placeholderData: keepPreviousData,
  });
  if (!data) return <p role="status">{parts(isError ? "unreachable" : "loading")}</p>;
  return (
    <ol className={lines.list}>
      {data.data.map((bid) => (
        <li key={bid.documentId}>
          <BidLine bid={bid} currency={standing.currency} seq={seq} />
        </li>
      ))}
    </ol>
  );
}
