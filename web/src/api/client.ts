// What was read from the API is kept here, for one person.

import { QueryClient } from "@tanstack/react-query";
import { Refused } from "./http";

export const newClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (failures, error) => !(error instanceof Refused) && failures < 2,
      },
    },
  });
