import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import { keys } from "./keys";

export function unitsQuery(q: string) {
  return queryOptions({
    queryKey: keys.units(q),
    queryFn: ({ signal }) => data(api.GET("/units", { params: { query: { q } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}

export function peopleQuery(q: string) {
  return queryOptions({
    queryKey: keys.people(q),
    queryFn: ({ signal }) => data(api.GET("/people", { params: { query: { q } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}
