import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import { keys } from "./keys";

const KEPT_MS = 300_000;

/** Units that match what was typed; all of them, as far as one answer goes, for nothing. */
export function unitsQuery(q: string) {
  return queryOptions({
    queryKey: keys.units(q),
    queryFn: ({ signal }) => data(api.GET("/units", { params: { query: { q } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: KEPT_MS,
  });
}

/** People who match what was typed. */
export function peopleQuery(q: string) {
  return queryOptions({
    queryKey: keys.people(q),
    queryFn: ({ signal }) => data(api.GET("/people", { params: { query: { q } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: KEPT_MS,
  });
}

/** Names of ids that stand in an address. */
export function namedQuery(kind: "unit" | "person", id: string[]) {
  return queryOptions({
    queryKey: keys.named(kind, id),
    queryFn: ({ signal }): Promise<{ id: string; name: string }[]> =>
      kind === "unit"
        ? data(api.GET("/units", { params: { query: { id } }, signal }))
        : data(api.GET("/people", { params: { query: { id } }, signal })),
    staleTime: KEPT_MS,
  });
}
