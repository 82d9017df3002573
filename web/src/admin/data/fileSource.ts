// Photos: a bare list without a total, so a page is asked for with one row more than it shows.

import { ask, get } from "../../api/http";
import { told } from "./faults";
import { filterPairs, MOST_AT_ONCE, toText } from "./query";
import { type Raw, toRecord } from "./rows";
import type { Source } from "./source";

const PATH = "/api/upload/files";
const SEARCH = ["name", "alternativeText"];

export const fileSource: Source = {
  async list({ pagination = { page: 1, perPage: 25 }, sort, filter = {} }) {
    const perPage = Math.min(pagination.perPage, MOST_AT_ONCE - 1);
    const start = (pagination.page - 1) * perPage;
    const pairs = filterPairs(filter, SEARCH);
    pairs.push(["pagination[start]", `${start}`], ["pagination[limit]", `${perPage + 1}`]);
    if (sort?.field) pairs.push(["sort", `${sort.field}:${sort.order.toLowerCase()}`]);
    const rows = await told(get<Raw[]>(`${PATH}?${toText(pairs)}`));
    const data = rows.slice(0, perPage).map((row) => toRecord(row));
    // On the last page it is known how many there are.
    if (rows.length <= perPage) return { data, total: start + rows.length };
    return { data, pageInfo: { hasNextPage: true, hasPreviousPage: start > 0 } };
  },
  one: async (id) => toRecord(await told(get<Raw>(`${PATH}/${id}`))),
  async many(ids) {
    const pairs = filterPairs({ "documentId:in": ids.slice(0, MOST_AT_ONCE) }, []);
    const rows = await told(get<Raw[]>(`${PATH}?${toText(pairs)}`));
    return rows.map((row) => toRecord(row));
  },
  async update({ id, data }) {
    const form = new FormData();
    const { name, alternativeText, caption } = data;
    form.append("fileInfo", JSON.stringify({ name, alternativeText: alternativeText ?? "", caption: caption ?? "" }));
    return toRecord((await told(ask<Raw>(`/api/upload?id=${id}`, { method: "POST", form }))).body);
  },
  async remove({ id }) {
    await told(ask(`${PATH}/${id}`, { method: "DELETE" }));
  },
};
