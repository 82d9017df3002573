// Cars, auctions, bids and the audit log: the routes in Strapi's manner.

import { ask, get } from "../../api/http";
import type { Page } from "../../api/types";
import { type Content, changedOnly, outgoing } from "./content";
import { told } from "./faults";
import { listQuery, MOST_AT_ONCE, toText } from "./query";
import { type Raw, toRecord } from "./rows";
import { inParts, type Source } from "./source";

interface One {
  data: Raw;
}

export function contentSource(content: Content): Source {
  const { path, populate, search } = content;
  const populated = populate ? `?populate=${populate}` : "";

  async function page(asked: {
    page: number;
    perPage: number;
    sort?: { field: string; order: string };
    filter: object;
  }) {
    const query = listQuery({ ...asked, filter: { ...asked.filter }, search, populate });
    const { data, meta } = await told(get<Page<Raw>>(`${path}?${toText(query)}`));
    return { data: data.map((row) => toRecord(row)), total: meta.pagination.total };
  }

  return {
    list: ({ pagination = { page: 1, perPage: 25 }, sort, filter = {} }) =>
      inParts(pagination.page, pagination.perPage, MOST_AT_ONCE, (at, perPage) =>
        page({ page: at, perPage, sort, filter }),
      ),
    async one(id) {
      const { body, headers } = await told(ask<One>(`${path}/${id}${populated}`));
      return toRecord(body.data, headers.get("ETag"));
    },
    async many(ids) {
      const wanted = [...new Set(ids.map(String))];
      const { data } = await inParts(1, wanted.length, MOST_AT_ONCE, (at, perPage) =>
        page({ page: at, perPage, filter: { "documentId:in": wanted } }),
      );
      return data;
    },
    related: ({ target, id, pagination, sort, filter }) =>
      inParts(pagination.page, pagination.perPage, MOST_AT_ONCE, (at, perPage) =>
        page({ page: at, perPage, sort, filter: { ...filter, [target]: id } }),
      ),
    async create({ data }) {
      const asked = ask<One>(`${path}${populated}`, { method: "POST", json: { data: outgoing(content, data) } });
      return toRecord((await told(asked)).body.data);
    },
    async update({ id, data, previousData }) {
      const values = changedOnly(content, data, previousData ?? {});
      // The tag came with the row that the form was filled from, not with what was read behind it since.
      const headers: Record<string, string> = data.etag ? { "If-Match": data.etag } : {};
      const asked = ask<One>(`${path}/${id}${populated}`, { method: "PUT", json: { data: values }, headers });
      const { body, headers: answered } = await told(asked);
      return toRecord(body.data, answered.get("ETag"));
    },
    async remove({ id }) {
      await told(ask(`${path}/${id}`, { method: "DELETE" }));
    },
  };
}
