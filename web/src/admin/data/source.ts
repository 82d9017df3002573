// What each resource can do; the provider hands react-admin's calls on to the one that is named.

import type {
  CreateParams,
  DeleteParams,
  GetListParams,
  GetListResult,
  GetManyReferenceParams,
  Identifier,
  RaRecord,
  UpdateParams,
} from "react-admin";

export interface Source {
  list(params: GetListParams): Promise<GetListResult<RaRecord>>;
  one(id: Identifier): Promise<RaRecord>;
  many(ids: Identifier[]): Promise<RaRecord[]>;
  related?(params: GetManyReferenceParams): Promise<GetListResult<RaRecord>>;
  create?(params: CreateParams): Promise<RaRecord>;
  update?(params: UpdateParams): Promise<RaRecord>;
  remove?(params: Pick<DeleteParams, "id">): Promise<void>;
}

// A list longer than the API gives at once, as an export asks for it.
export async function inParts(
  page: number,
  perPage: number,
  most: number,
  read: (page: number, perPage: number) => Promise<GetListResult<RaRecord>>,
): Promise<GetListResult<RaRecord>> {
  if (perPage <= most) return read(page, perPage);
  const first = await read(1, most);
  const found = [...first.data];
  const wanted = Math.min(perPage, first.total ?? perPage);
  for (let next = 2; found.length < wanted; next += 1) {
    const part = await read(next, most);
    if (!part.data.length) break;
    found.push(...part.data);
  }
  return { ...first, data: found.slice(0, perPage) };
}
