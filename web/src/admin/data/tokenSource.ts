// API tokens: all of them at once, so ordering and paging are done here.

import type { RaRecord } from "react-admin";
import { ask, get } from "../../api/http";
import { told } from "./faults";
import { type Raw, toRecord } from "./rows";
import type { Source } from "./source";

const PATH = "/api/api-tokens";

async function all(): Promise<RaRecord[]> {
  const { data } = await told(get<{ data: Raw[] }>(PATH));
  return data.map((row) => toRecord(row));
}

export const tokenSource: Source = {
  async list({ pagination = { page: 1, perPage: 25 }, sort }) {
    const rows = await all();
    if (sort?.field) rows.sort((one, other) => compare(one[sort.field], other[sort.field]));
    if (sort?.order === "DESC") rows.reverse();
    const start = (pagination.page - 1) * pagination.perPage;
    return { data: rows.slice(start, start + pagination.perPage), total: rows.length };
  },
  async one(id) {
    const found = (await all()).find((row) => row.id === id);
    if (!found) throw new Error("Not Found");
    return found;
  },
  many: async (ids) => (await all()).filter((row) => ids.includes(row.id)),
  async create({ data: { name, role, expires_at } }) {
    const json = { data: { name, role, expires_at } };
    return toRecord((await told(ask<{ data: Raw }>(PATH, { method: "POST", json }))).body.data);
  },
  async remove({ id }) {
    await told(ask(`${PATH}/${id}`, { method: "DELETE" }));
  },
};

function compare(one: unknown, other: unknown): number {
  return typeof one === "number" && typeof other === "number" ? one - other : `${one}`.localeCompare(`${other}`);
}
