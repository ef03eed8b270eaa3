import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data, headers } from "../client";
import type { FormData, TaskView } from "../types";
import { keys } from "./keys";

/** Rows of one page of the to-do and done lists. */
export const TASKS_PER_PAGE = 20;

/** Live changes come by event stream; where a proxy swallows it, this is how old a count may be. */
const POLL_MS = 60_000;

export function todoQuery(page: number) {
  return queryOptions({
    queryKey: keys.todo(page),
    queryFn: ({ signal }) =>
      data(api.GET("/todo", { params: { query: { page, per_page: TASKS_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
}

export function doneQuery(page: number) {
  return queryOptions({
    queryKey: keys.done(page),
    queryFn: ({ signal }) =>
      data(api.GET("/done", { params: { query: { page, per_page: TASKS_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function taskQuery(id: string) {
  return queryOptions({
    queryKey: keys.task(id),
    queryFn: ({ signal }): Promise<TaskView> =>
      data(api.GET("/tasks/{id}", { params: { path: { id } }, signal })),
  });
}

const command = (id: string, key: string) => ({ path: { id }, header: { "Idempotency-Key": key } });

export function claimTask(id: string, key: string): Promise<TaskView> {
  return data(api.POST("/tasks/{id}/claim", { params: command(id, key) }));
}

export function releaseTask(id: string, key: string): Promise<TaskView> {
  return data(api.POST("/tasks/{id}/release", { params: command(id, key) }));
}

export function completeTask(
  id: string,
  key: string,
  body: { outcome: string; form: FormData; comment?: string },
) {
  return data(api.POST("/tasks/{id}/complete", { params: command(id, key), body }));
}

export function saveDraft(id: string, form: FormData) {
  return data(api.PUT("/tasks/{id}/draft", { params: { path: { id } }, body: { form } }));
}

/** Sends a draft while the page is being left, when no answer can be awaited any more. */
export function sendDraftOnLeave(id: string, form: FormData): void {
  void fetch(`/api/tasks/${encodeURIComponent(id)}/draft`, {
    method: "PUT",
    keepalive: true,
    headers: { ...headers("PUT"), "Content-Type": "application/json" },
    body: JSON.stringify({ form }),
  }).catch(() => undefined);
}
