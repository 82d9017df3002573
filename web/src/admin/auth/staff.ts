// Who may enter, and what their role may do: read from the server, where an admin changes it.

import { get } from "../../api/http";
import { currentSession, onSession } from "../../api/session";
import type { Role } from "../../api/types";

export const isStaff = (role: Role | undefined): boolean => role === "auctioneer" || role === "admin";

// A page may be opened before it is known who is signed in.
export function whenKnown(): Promise<void> {
  if (currentSession().known) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = onSession(() => {
      if (!currentSession().known) return;
      stop();
      resolve();
    });
  });
}

export type Tree = Record<string, { controllers: Record<string, Record<string, { enabled: boolean }>> }>;

export const actionsOf = (tree: Tree): Map<string, boolean> =>
  new Map(
    Object.entries(tree).flatMap(([group, { controllers }]) =>
      Object.entries(controllers).flatMap(([controller, actions]) =>
        Object.entries(actions).map(([name, { enabled }]) => [`${group}.${controller}.${name}`, enabled] as const),
      ),
    ),
  );

const FRESH_MS = 10_000;
let known: { role: Role; at: number; actions: Promise<Set<string> | null> } | null = null;

// The actions of the role of whoever is signed in; null where they may not be read.
export function ownActions(): Promise<Set<string> | null> {
  const role = currentSession().user?.role ?? "public";
  if (!known || known.role !== role || performance.now() - known.at > FRESH_MS) {
    const read = get<{ role: { permissions: Tree } }>(`/api/users-permissions/roles/${role}`);
    const actions = read.then(({ role: { permissions } }) => {
      const enabled = [...actionsOf(permissions)].filter(([, may]) => may);
      return new Set(enabled.map(([action]) => action));
    });
    known = { role, at: performance.now(), actions: actions.catch(() => null) };
  }
  return known.actions;
}

const PLUGIN = "plugin::users-permissions";
const UPLOAD = "plugin::upload.content-api";
const NEEDS: Record<string, string> = {
  "cars.list": "api::car.car.find",
  "cars.show": "api::car.car.findOne",
  "cars.create": "api::car.car.create",
  "cars.edit": "api::car.car.update",
  "cars.delete": "api::car.car.delete",
  "auctions.list": "api::auction.auction.find",
  "auctions.show": "api::auction.auction.findOne",
  "auctions.create": "api::auction.auction.create",
  "auctions.edit": "api::auction.auction.update",
  "auctions.delete": "api::auction.auction.delete",
  "bids.list": "api::bid.bid.find",
  "users.list": `${PLUGIN}.user.find`,
  "users.show": `${PLUGIN}.user.findOne`,
  "users.create": `${PLUGIN}.user.create`,
  "users.edit": `${PLUGIN}.user.update`,
  "users.delete": `${PLUGIN}.user.destroy`,
  "files.list": `${UPLOAD}.find`,
  "files.edit": `${UPLOAD}.update`,
  "files.delete": `${UPLOAD}.destroy`,
  "audit-log.list": "api::audit-log.audit-log.find",
  "audit-log.show": "api::audit-log.audit-log.findOne",
  "api-tokens.list": "api::api-token.api-token.find",
  "api-tokens.create": "api::api-token.api-token.create",
  "api-tokens.delete": "api::api-token.api-token.delete",
  "roles.list": `${PLUGIN}.role.find`,
  "roles.edit": `${PLUGIN}.role.updateRole`,
};

export async function may(resource: string, action: string): Promise<boolean> {
  const needed = NEEDS[`${resource}.${action === "export" ? "list" : action}`];
  const actions = await ownActions();
  return !needed || !actions || actions.has(needed);
}
