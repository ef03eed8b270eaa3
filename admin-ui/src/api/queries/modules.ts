import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../client";
import type { CockpitView, ModuleView } from "../types";
import { keys } from "./keys";

export function moduleQuery(name: string) {
  return queryOptions({
    queryKey: keys.module(name),
    queryFn: ({ signal }): Promise<ModuleView> =>
      data(api.GET("/modules/{module}", { params: { path: { module: name } }, signal })),
    staleTime: 60_000,
  });
}

export function cockpitQuery(module: string, units: string[]) {
  return queryOptions({
    queryKey: keys.cockpit(module, units),
    queryFn: ({ signal }): Promise<CockpitView> =>
      data(
        api.GET("/cockpits/{module}", {
          params: { path: { module }, query: units.length > 0 ? { unit: units } : {} },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
}
