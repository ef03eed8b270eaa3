import { keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, data, setCsrf } from "../client";
import type { Me, StandInInput } from "../types";
import { keys } from "./keys";

export const SETTINGS_PER_PAGE = 20;

/** In whose name one may act, and who acts in one's own. */
export const actingQuery = queryOptions({
  queryKey: keys.acting,
  queryFn: ({ signal }) => data(api.GET("/me/acting", { signal })),
});

/** Acts in somebody's name from now on, or for oneself again. Whatever the page knew was for the other one to see. */
export async function actFor(client: QueryClient, person: string | undefined): Promise<Me> {
  const me = await data(api.PUT("/me/acting", { body: { person } }));
  setCsrf(me.csrf);
  client.setQueryData(keys.me, me);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.me[0] });
  return me;
}

export function allowActing(person: string, allowed: boolean) {
  const params = { path: { person } };
  return data(
    allowed
      ? api.POST("/me/acting/{person}/allow", { params })
      : api.DELETE("/me/acting/{person}", { params }),
  );
}

export function deedsQuery(page: number) {
  return queryOptions({
    queryKey: keys.inMyName(page),
    queryFn: ({ signal }) =>
      data(api.GET("/me/in-my-name", { params: { query: { page, per_page: SETTINGS_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Whose stand-ins: one's own, or as the system administrator everybody's. */
export type Whose = "me" | "org";

export function standInsQuery(whose: Whose, page: number) {
  const params = { query: { page, per_page: SETTINGS_PER_PAGE } };
  return queryOptions({
    queryKey: keys.standIns(whose, page),
    queryFn: ({ signal }) =>
      data(
        whose === "me"
          ? api.GET("/me/stand-ins", { params, signal })
          : api.GET("/org/stand-ins", { params, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function setStandIn(whose: Whose, body: StandInInput) {
  return data(whose === "me" ? api.POST("/me/stand-ins", { body }) : api.POST("/org/stand-ins", { body }));
}

export function endStandIn(whose: Whose, id: string) {
  const params = { path: { id } };
  return data(
    whose === "me"
      ? api.DELETE("/me/stand-ins/{id}", { params })
      : api.DELETE("/org/stand-ins/{id}", { params }),
  );
}
