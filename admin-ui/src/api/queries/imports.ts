import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import type { ImportView } from "../types";
import { keys } from "./keys";

export function importQuery(id: string) {
  return queryOptions({
    queryKey: keys.importing(id),
    queryFn: ({ signal }): Promise<ImportView> =>
      data(api.GET("/imports/{id}", { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function uploadImport(
  module: string,
  kind: string,
  category: string[],
  file: File,
): Promise<ImportView> {
  return data(
    api.POST("/imports", {
      params: { query: { module, kind, category } },
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

/** Rows of duplicates that go in all the same, and rows that stay out although they could go in. */
export type ImportChoice = { accept: number[]; leave_out: number[] };

export function commitImport(id: string, key: string, choice: ImportChoice): Promise<ImportView> {
  return data(
    api.POST("/imports/{id}/commit", {
      params: { path: { id }, header: { "Idempotency-Key": key } },
      body: choice,
    }),
  );
}
