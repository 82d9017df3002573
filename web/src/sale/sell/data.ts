// What a seller has: cars, and auctions of any status.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ask, get } from "../../api/http";
import { toQuery, type Value } from "../../api/query";
import type { Auction, Car, Page } from "../../api/types";

const AT_ONCE = 100;
const WITH_CAR = { car: { populate: { photos: true } }, seller: { fields: ["documentId"] } };

// A row, and the tag that says which state of it this is.
export interface Tagged<T> {
  row: T;
  etag: string;
}

export interface CarRow extends Car {
  auctions?: Auction[];
}

export async function readTagged<T>(path: string, signal?: AbortSignal): Promise<Tagged<T>> {
  const { body, headers } = await ask<{ data: T }>(path, { signal });
  return { row: body.data, etag: headers.get("ETag") ?? "*" };
}

export const auctionPath = (id: string) => `/api/auctions/${id}?${toQuery({ populate: WITH_CAR })}`;
export const carPath = (id: string) => `/api/cars/${id}?${toQuery({ populate: ["photos", "auctions"] })}`;

export const useOwnAuction = (id: string) =>
  useQuery({
    queryKey: ["own", "auction", id],
    queryFn: ({ signal }) => readTagged<Auction>(auctionPath(id), signal),
  });

export const useCar = (id: string | undefined) =>
  useQuery({
    queryKey: ["own", "car", id],
    queryFn: ({ signal }) => readTagged<CarRow>(carPath(id ?? ""), signal),
    enabled: !!id,
  });

function usePages<T>(name: string, asked: { [key: string]: Value }, type: string) {
  const query = useInfiniteQuery({
    queryKey: ["own", name],
    queryFn: ({ pageParam, signal }) => {
      const pagination = { page: pageParam, pageSize: AT_ONCE };
      return get<Page<T>>(`/api/${type}?${toQuery({ ...asked, pagination })}`, signal);
    },
    initialPageParam: 1,
    getNextPageParam: ({ meta: { pagination } }) =>
      pagination.page < pagination.pageCount ? pagination.page + 1 : undefined,
    placeholderData: keepPreviousData,
  });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.data) ?? [] };
}

export const useOwnAuctions = (user: string) =>
  usePages<Auction>("auctions", { filters: { seller: user }, sort: "ends_at:desc", populate: WITH_CAR }, "auctions");

export const useOwnCars = (user: string) =>
  usePages<CarRow>(
    "cars",
    {
      filters: { seller: user },
      sort: "createdAt:desc",
      populate: { photos: true, auctions: { fields: ["status"] } },
    },
    "cars",
  );
