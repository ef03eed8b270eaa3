import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import { keys } from "./keys";

export const ACTS_PER_PAGE = 50;

/** What is looked for in the log. */
export type LogFilter = {
  person?: string;
  act?: string;
  result?: "done" | "refused";
  from?: string;
  to?: string;
};

export function logQuery(filter: LogFilter, page: number) {
  const query = { ...filter, page, per_page: ACTS_PER_PAGE };
  return queryOptions({
    queryKey: keys.log(query),
    queryFn: ({ signal }) => data(api.GET("/audit", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export const chainQuery = queryOptions({
  queryKey: keys.chain,
  queryFn: ({ signal }) => data(api.GET("/audit/chain", { signal })),
  staleTime: 60_000,
});

export function exportLog(filter: LogFilter): Promise<Blob> {
  const answer = api.GET("/audit/export", { params: { query: filter }, parseAs: "blob" });
  return data(answer as Promise<{ data?: Blob; error?: unknown; response: Response }>);
}
