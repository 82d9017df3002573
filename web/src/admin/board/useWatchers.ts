// How many watch each lot. It is a figure at a glance: a few seconds old, and left out where the role may not ask.

import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/http";

const AGAIN_MS = 3_000;

export function useWatchers(): Record<string, number> | undefined {
  const { data } = useQuery({
    queryKey: ["watchers"],
    queryFn: ({ signal }) => get<{ data: Record<string, number> }>("/api/watchers", signal),
    refetchInterval: AGAIN_MS,
    retry: false,
  });
  return data?.data;
}
