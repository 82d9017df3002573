// Roles × actions: as they are, as they would be, and what of it changed.

import { get } from "../../api/http";
import type { Role } from "../../api/types";
import { actionsOf, type Tree } from "../auth/staff";

export const ROLES: Role[] = ["public", "authenticated", "seller", "auctioneer", "admin"];

// Of each role the actions that it may be given, and whether it is; what is missing the rules forbid.
export type Matrix = Record<Role, Map<string, boolean>>;

export interface Change {
  role: Role;
  action: string;
  enabled: boolean;
}

// What no role can lose, as the server has it: nobody could give it back.
const PLUGIN = "plugin::users-permissions";
const KEPT: Partial<Record<Role, string[]>> = {
  public: [`${PLUGIN}.auth.callback`, `${PLUGIN}.auth.refresh`, `${PLUGIN}.auth.logout`],
  admin: [`${PLUGIN}.role.find`, `${PLUGIN}.role.findOne`, `${PLUGIN}.role.updateRole`],
};

export const isKept = (role: Role, action: string): boolean => KEPT[role]?.includes(action) ?? false;

export async function readMatrix(): Promise<Matrix> {
  const read = (role: Role) => get<{ role: { permissions: Tree } }>(`/api/users-permissions/roles/${role}`);
  const answers = await Promise.all(ROLES.map(read));
  const entries = answers.map(({ role: { permissions } }, at) => [ROLES[at], actionsOf(permissions)] as const);
  return Object.fromEntries(entries) as Matrix;
}

export function differenceOf(from: Matrix, to: Matrix): Change[] {
  return ROLES.flatMap((role) =>
    [...to[role]].flatMap(([action, enabled]) =>
      from[role].get(action) === enabled ? [] : [{ role, action, enabled }],
    ),
  );
}

export function withChanges(matrix: Matrix, changes: Change[]): Matrix {
  const next = Object.fromEntries(ROLES.map((role) => [role, new Map(matrix[role])])) as Matrix;
  for (const { role, action, enabled } of changes) next[role].set(action, enabled);
  return next;
}

export interface Group {
  name: string; // `api::car.car`
  actions: string[];
}

export function groupsOf(matrix: Matrix): Group[] {
  const actions = new Set(ROLES.flatMap((role) => [...matrix[role].keys()]));
  const groups = new Map<string, string[]>();
  for (const action of [...actions].sort()) {
    const name = action.slice(0, action.lastIndexOf("."));
    groups.set(name, [...(groups.get(name) ?? []), action]);
  }
  const rank = (name: string) => (ORDER.indexOf(name) + 1 || ORDER.length + 1) as number;
  return [...groups]
    .map(([name, found]) => ({ name, actions: found }))
    .sort((one, other) => rank(one.name) - rank(other.name));
}

const ORDER = [
  "api::bid.bid",
  "api::auction.auction",
  "api::car.car",
  "plugin::upload.content-api",
  "api::watch.watch",
  `${PLUGIN}.user`,
  `${PLUGIN}.auth`,
  "api::api-token.api-token",
  `${PLUGIN}.role`,
  `${PLUGIN}.permissions`,
  "api::audit-log.audit-log",
];
