import { useMutation, useQueryClient } from "@tanstack/react-query";
import { takeStanding } from "../live/feed";
import { type Action, act } from "./act";

const PROJECTED_MS = 1_000; // rows follow the log a moment later

interface Asked {
  action: Action;
  data?: object;
}

// An action on an auction; what it changed is read again.
export function useAct(auction: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, data }: Asked) => act(auction, action, data),
    onSuccess: ({ standing }) => {
      takeStanding(standing);
      client.invalidateQueries({ queryKey: ["own"] });
      setTimeout(() => client.invalidateQueries({ queryKey: ["own"] }), PROJECTED_MS);
    },
  });
}
