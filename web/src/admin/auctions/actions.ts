// Which actions an auction's status lets staff ask for. Whether it is so then, the log decides.

import type { Status } from "../../api/types";
import type { Action } from "../data/act";

export type Asked = Exclude<Action, "amend">;

export const ACTIONS: Record<Asked, Status[]> = {
  list: ["draft"],
  extend: ["scheduled", "live"],
  retract: ["live"],
  approve: ["pending_approval", "countered"],
  counter: ["pending_approval"],
  decline: ["pending_approval", "countered"],
  cancel: ["scheduled", "live"],
};

export const NEEDED: Record<Action, string> = {
  list: "api::auction.auction.list",
  amend: "api::auction.auction.amend",
  extend: "api::auction.auction.extend",
  retract: "api::auction.auction.retract",
  approve: "api::auction.auction.approve",
  decline: "api::auction.auction.decline",
  counter: "api::auction.auction.counter",
  cancel: "api::auction.auction.cancel",
};

export const DANGEROUS: Asked[] = ["cancel", "retract", "decline"];

export const possible = (status: Status): Asked[] =>
  (Object.keys(ACTIONS) as Asked[]).filter((action) => ACTIONS[action].includes(status));
