import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data, headers } from "../client";
import { errorOf, NetworkError } from "../errors";
import type { operations } from "../schema";
import type { FormData, ItemView } from "../types";
import { keys } from "./keys";

/** Everything that a list can be narrowed, sorted and paged by. */
export type ItemsQuery = operations["items"]["parameters"]["query"];

export function itemsQuery(query: ItemsQuery) {
  return queryOptions({
    queryKey: keys.items(query),
    queryFn: ({ signal }) => data(api.GET("/items", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function itemQuery(id: string) {
  return queryOptions({
    queryKey: keys.item(id),
    queryFn: ({ signal }): Promise<ItemView> =>
      data(api.GET("/items/{id}", { params: { path: { id } }, signal })),
  });
}

export function historyQuery(id: string) {
  return queryOptions({
    queryKey: keys.history(id),
    queryFn: ({ signal }) => data(api.GET("/items/{id}/history", { params: { path: { id } }, signal })),
  });
}

/** Creates an item: at its workflow's start, or at the step `enter`. */
export function createItem(
  module: string,
  kind: string,
  key: string,
  body: { fields: FormData; enter?: string },
): Promise<ItemView> {
  return data(
    api.POST("/items", {
      params: { query: { module, kind }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
}

/** Opens a closed item again at a step. */
export function reopenItem(
  item: string,
  key: string,
  body: { node: string; comment: string },
): Promise<ItemView> {
  const params = { path: { id: item }, header: { "Idempotency-Key": key } };
  return data(api.POST("/items/{id}/reopen", { params, body }));
}

export function takeOffer(
  item: string,
  offer: { instance: string; node: string; offer: string },
  key: string,
  body: { form: FormData; comment?: string },
): Promise<ItemView> {
  const { instance, node, offer: name } = offer;
  return data(
    api.POST("/items/{id}/offers/{instance}/{node}/{offer}", {
      params: { path: { id: item, instance, node, offer: name }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
}

/** The list that `query` shows as a spreadsheet, with the name that the server gives it. */
export async function exportItems(query: ItemsQuery): Promise<{ blob: Blob; name: string }> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (name === "page" || name === "per_page" || value === undefined) {
      continue;
    }
    for (const one of Array.isArray(value) ? value : [value]) {
      search.append(name, String(one));
    }
  }
  return download(`/api/exports?${search}`);
}

/** A file of the server's, with its name. */
export async function download(address: string): Promise<{ blob: Blob; name: string }> {
  let response: Response;
  try {
    response = await fetch(address, { headers: headers("GET") });
  } catch {
    throw new NetworkError();
  }
  if (!response.ok) {
    throw errorOf(await response.json().catch(() => undefined), response);
  }
  return { blob: await response.blob(), name: fileName(response.headers.get("Content-Disposition")) };
}

/** The file name of a `Content-Disposition` header (RFC 6266): the UTF-8 form before the ASCII one. */
export function fileName(disposition: string | null): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // A name that is not well encoded falls back to the plain one.
    }
  }
  return disposition?.match(/filename="([^"]+)"/i)?.[1] ?? "export.xlsx";
}
