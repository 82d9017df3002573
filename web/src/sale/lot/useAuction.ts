import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/http";
import { toQuery } from "../../api/query";
import type { Auction } from "../../api/types";
import { useSession, useStanding } from "../../live/use";

const WHOLE = toQuery({ populate: { car: { populate: { photos: true } }, seller: { fields: ["documentId"] } } });

// The row, read again when the auction came into another state: an offer, or a reason, is in the row alone.
export function useAuction(id: string) {
  const { user } = useSession();
  const status = useStanding(id)?.status;
  return useQuery({
    queryKey: ["auction", id, user?.documentId, status],
    queryFn: async ({ signal }) =>
      (await get<{ data: Auction }>(`/api/auctions/${encodeURIComponent(id)}?${WHOLE}`, signal)).data,
    placeholderData: (before) => before,
  });
}
