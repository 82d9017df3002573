import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction } from "../../api/types";
import { usePosition, useSession, useStanding } from "../../live/use";

const WHOLE = toQuery({ populate: { car: { populate: { photos: true } }, seller: { fields: ["documentId"] } } });
const READ_AGAIN_MS = 1_000;
const MOST_READS = 10;

// The row, read again when the auction came into another state: an offer, or a reason, is in the row alone.
export function useAuction(id: string) {
  const { user } = useSession();
  const status = useStanding(id)?.status;
  const leads = usePosition(id)?.state === "leading";
  return useQuery({
    queryKey: ["auction", id, user?.documentId, status],
    queryFn: async ({ signal }) =>
      (await get<{ data: Auction }>(`/api/auctions/${encodeURIComponent(id)}?${WHOLE}`, signal)).data,
    placeholderData: (before) => before,
    // The row follows the feed by a moment.
    refetchInterval: ({ state }) => {
      const missing =
        (status === "countered" && leads && state.data?.offer === undefined) ||
        (status === "cancelled" && state.data?.cancel_reason === null);
      return missing && state.dataUpdateCount < MOST_READS ? READ_AGAIN_MS : false;
    },
  });
}
