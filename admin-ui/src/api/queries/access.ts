import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import type { PolicyDocument } from "../types";
import { keys } from "./keys";

export const draftQuery = queryOptions({
  queryKey: keys.policies("draft"),
  queryFn: ({ signal }) => data(api.GET("/access/draft", { signal })),
});

export const versionsQuery = queryOptions({
  queryKey: keys.policies("versions"),
  queryFn: ({ signal }) => data(api.GET("/access/versions", { signal })),
});

export function versionQuery(id: number) {
  return queryOptions({
    queryKey: keys.policies("version", id),
    queryFn: ({ signal }) =>
      data(api.GET("/access/versions/{id}", { params: { path: { id: String(id) } }, signal })),
  });
}

/** What is wrong with documents, and their rules. */
export function checkQuery(documents: PolicyDocument[]) {
  return queryOptions({
    queryKey: [...keys.policies("check"), documents] as const,
    queryFn: ({ signal }) => data(api.POST("/access/check", { body: { documents }, signal })),
    placeholderData: keepPreviousData,
    enabled: documents.length > 0,
  });
}

/** How often a running dry run is asked how far it is, in milliseconds. */
const POLL_MS = 600;

export function dryRunQuery(id: number) {
  return queryOptions({
    queryKey: keys.policies("dry-run", id),
    queryFn: ({ signal }) =>
      data(api.GET("/access/dry-runs/{id}", { params: { path: { id: String(id) } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "running" || !state.data ? POLL_MS : false),
  });
}

export function explainQuery(item: string, person: string, action: string) {
  return queryOptions({
    queryKey: keys.explanation(item, person, action),
    queryFn: ({ signal }) =>
      data(
        api.GET("/access/explain", {
          params: { query: { item, action, ...(person === "" ? {} : { person }) } },
          signal,
        }),
      ),
    enabled: item !== "",
    retry: false,
  });
}

export function saveDraft(body: { documents: PolicyDocument[]; base: number }) {
  return data(api.PUT("/access/draft", { body }));
}

export function dropDraft() {
  return data(api.DELETE("/access/draft"));
}

export function beginDryRun(documents: PolicyDocument[]) {
  return data(api.POST("/access/dry-runs", { body: { documents } }));
}

export function cancelDryRun(id: number) {
  return data(api.DELETE("/access/dry-runs/{id}", { params: { path: { id: String(id) } } }));
}

export function publishPolicies(body: { documents: PolicyDocument[]; base: number; why: string }) {
  return data(api.POST("/access/publish", { body }));
}

export function restoreVersion(id: number, why: string) {
  return data(
    api.POST("/access/versions/{id}/restore", { params: { path: { id: String(id) } }, body: { why } }),
  );
}
