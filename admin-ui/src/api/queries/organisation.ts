import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import type { LeavingInput, OrgImportView } from "../types";
import { download } from "./items";
import { keys } from "./keys";

export const ORG_PER_PAGE = 20;

export function orgUnitsQuery(parent: string | undefined) {
  return queryOptions({
    queryKey: keys.org("units", parent ?? ""),
    queryFn: ({ signal }) => data(api.GET("/org/units", { params: { query: { parent } }, signal })),
  });
}

export function orgPeopleQuery(q: string, unit: string | undefined, page: number) {
  const query = { q, unit, page, per_page: ORG_PER_PAGE };
  return queryOptions({
    queryKey: keys.org("people", query),
    queryFn: ({ signal }) => data(api.GET("/org/people", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function gapsQuery(page: number) {
  return queryOptions({
    queryKey: keys.org("gaps", page),
    queryFn: ({ signal }) =>
      data(api.GET("/org/gaps", { params: { query: { page, per_page: ORG_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function followUpsQuery(page: number) {
  return queryOptions({
    queryKey: keys.org("follow-ups", page),
    queryFn: ({ signal }) =>
      data(api.GET("/org/follow-ups", { params: { query: { page, per_page: ORG_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
    // What is under way is seen to go on.
    refetchInterval: ({ state }) => (state.data?.rows.some((row) => !row.ended_at) ? 2_000 : false),
  });
}

export function disablePerson(id: string, body: LeavingInput) {
  return data(api.POST("/org/people/{id}/disable", { params: { path: { id } }, body }));
}

export function enablePerson(id: string) {
  return data(api.POST("/org/people/{id}/enable", { params: { path: { id } } }));
}

/** What a workbook would do; with the generation of a preview that was seen, imports it. */
export function importOrganisation(file: File, generation?: string): Promise<OrgImportView> {
  return data(
    api.POST("/org/imports", {
      params: { query: { generation } },
      // The generated type says text for a binary part; the file itself goes into the form.
      body: { file: "" },
      bodySerializer: () => {
        const form = new FormData();
        form.append("file", file, file.name);
        return form;
      },
    }),
  );
}

export function exportOrganisation() {
  return download("/api/org/export");
}
