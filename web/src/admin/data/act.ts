// The actions that run a sale: each is a command in the log, answered with its decision.

import { ask } from "../../api/http";
import type { Standing } from "../../api/types";
import { takeStanding } from "../../live/feed";
import { told } from "./faults";

export type Action = "list" | "amend" | "extend" | "cancel" | "retract" | "approve" | "decline" | "counter";

interface Decided {
  data: { status: "accepted" | "pending"; standing?: Standing };
}

// True once it is decided; false where the decision is not there yet.
export async function act(
  auction: string,
  action: Action,
  data: Record<string, unknown>,
  key: string,
): Promise<boolean> {
  const asked = ask<Decided>(`/api/auctions/${auction}/${action}`, {
    method: "POST",
    json: { data },
    headers: { "Idempotency-Key": key },
  });
  const { body } = await told(asked);
  if (body.data.standing) takeStanding(body.data.standing);
  return body.data.status === "accepted";
}
