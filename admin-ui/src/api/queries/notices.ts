import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import { keys } from "./keys";

export const NOTICES_PER_PAGE = 20;

export function noticesQuery(page: number) {
  return queryOptions({
    queryKey: keys.notices(page),
    queryFn: ({ signal }) =>
      data(api.GET("/notices", { params: { query: { page, per_page: NOTICES_PER_PAGE } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export async function readNotice(id: string): Promise<void> {
  await data(api.POST("/notices/{id}/read", { params: { path: { id } } }));
}

export async function readAllNotices(): Promise<void> {
  await data(api.POST("/notices/read-all"));
}
