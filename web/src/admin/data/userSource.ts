// Accounts: bare bodies and lists as in Strapi's users plugin, counted by a route of their own.

import { ask, get } from "../../api/http";
import { told } from "./faults";
import { filterPairs, listQuery, MOST_AT_ONCE, toText } from "./query";
import { type Raw, toRecord } from "./rows";
import { inParts, type Source } from "./source";

const PATH = "/api/users";
const SEARCH = ["username", "email", "paddle"];
const FIELDS = ["username", "email", "role", "confirmed", "blocked", "paddle", "party"];

async function page(at: number, perPage: number, filter: object, sort?: { field: string; order: string }) {
  const query = listQuery({ page: at, perPage, sort, filter: { ...filter }, search: SEARCH, populate: "" });
  const counted = toText(filterPairs({ ...filter }, SEARCH));
  const [rows, total] = await told(
    Promise.all([get<Raw[]>(`${PATH}?${toText(query)}`), get<number>(`${PATH}/count?${counted}`)]),
  );
  return { data: rows.map((row) => toRecord(row)), total };
}

export const userSource: Source = {
  list: ({ pagination = { page: 1, perPage: 25 }, sort, filter = {} }) =>
    inParts(pagination.page, pagination.perPage, MOST_AT_ONCE, (at, perPage) => page(at, perPage, filter, sort)),
  one: async (id) => toRecord(await told(get<Raw>(`${PATH}/${id}`))),
  async many(ids) {
    const wanted = [...new Set(ids.map(String))];
    const rows = await inParts(1, wanted.length, MOST_AT_ONCE, (at, perPage) =>
      page(at, perPage, { "documentId:in": wanted }),
    );
    return rows.data;
  },
  async create({ data }) {
    const json = only([...FIELDS, "password", "reason"], data);
    return toRecord((await told(ask<Raw>(PATH, { method: "POST", json }))).body);
  },
  async update({ id, data, previousData }) {
    const before: Record<string, unknown> = previousData ?? {};
    const fresh = FIELDS.filter((name) => name in data && (data[name] ?? null) !== (before[name] ?? null));
    const json = only([...fresh, "reason", "currentPassword"], data);
    return toRecord((await told(ask<Raw>(`${PATH}/${id}`, { method: "PUT", json }))).body);
  },
  async remove({ id }) {
    await told(ask(`${PATH}/${id}`, { method: "DELETE" }));
  },
};

function only(names: string[], data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => data[name] !== undefined).map((name) => [name, data[name]]));
}
