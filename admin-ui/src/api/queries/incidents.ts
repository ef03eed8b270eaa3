import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import type { ResolveInput } from "../types";
import { keys } from "./keys";

export const INCIDENTS_PER_PAGE = 20;

export function incidentsQuery(page: number) {
  return queryOptions({
    queryKey: keys.incidents(page),
    queryFn: ({ signal }) =>
      data(api.GET("/incidents", { params: { query: { page, per_page: INCIDENTS_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function resolveIncident(id: string, key: string, body: ResolveInput) {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  return data(api.POST("/incidents/{id}/resolve", { params, body }));
}
