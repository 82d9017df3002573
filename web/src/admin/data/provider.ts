// react-admin's way to the API.

import { type DataProvider, HttpError, type Identifier } from "react-admin";
import { CONTENT } from "./content";
import { contentSource } from "./contentSource";
import { fileSource } from "./fileSource";
import type { Source } from "./source";
import { tokenSource } from "./tokenSource";
import { userSource } from "./userSource";

const sources: Record<string, Source> = {
  ...Object.fromEntries(Object.entries(CONTENT).map(([name, content]) => [name, contentSource(content)])),
  users: userSource,
  files: fileSource,
  "api-tokens": tokenSource,
};

function source(resource: string): Required<Source> {
  return sources[resource] as Required<Source>;
}

// One after the other, so that of several the first fault is told with how many were done.
async function each(ids: Identifier[], act: (id: Identifier) => Promise<unknown>): Promise<Identifier[]> {
  const done: Identifier[] = [];
  const faults: Error[] = [];
  for (const id of ids) {
    try {
      await act(id);
      done.push(id);
    } catch (error) {
      faults.push(error as Error);
    }
  }
  if (faults[0]) throw new HttpError(`${done.length}/${ids.length}: ${faults[0].message}`, 409);
  return done;
}

const provider: Record<string, (resource: string, params: never) => Promise<unknown>> = {
  getList: (resource, params) => source(resource).list(params),
  getOne: async (resource, { id }: { id: Identifier }) => ({ data: await source(resource).one(id) }),
  getMany: async (resource, { ids }: { ids: Identifier[] }) => ({ data: await source(resource).many(ids) }),
  getManyReference: (resource, params) => source(resource).related(params),
  create: async (resource, params) => ({ data: await source(resource).create(params) }),
  update: async (resource, params) => ({ data: await source(resource).update(params) }),
  updateMany: async (resource, { ids, data }: { ids: Identifier[]; data: object }) => ({
    data: await each(ids, (id) => source(resource).update({ id, data, previousData: { id } })),
  }),
  delete: async (resource, params: { id: Identifier }) => {
    await source(resource).remove(params);
    return { data: { id: params.id } };
  },
  deleteMany: async (resource, { ids }: { ids: Identifier[] }) => ({
    data: await each(ids, (id) => source(resource).remove({ id })),
  }),
};

export const dataProvider = provider as unknown as DataProvider;
