import type { ChartView, CountRow } from "../../api/types";
import { NONE } from "../../lists/FilterPanel";
import { isFilter, type ListSearch } from "../../lists/search";

/** The numbers of a row, as the API names them. */
export const FIGURES = ["total", "normal", "near", "overdue", "done", "suspended"] as const;
export type Figure = (typeof FIGURES)[number];

/** The lights that each number counts. */
const LIGHTS: Record<Figure, string[] | undefined> = {
  total: undefined,
  normal: ["green", "yellow"],
  near: ["yellow"],
  overdue: ["red"],
  done: ["blue"],
  suspended: ["grey"],
};

/** The list's address that shows the very rows which a number counts; `row` is absent for the sum. */
export function drill(
  chart: Pick<ChartView, "by">,
  row: CountRow | undefined,
  figure: Figure,
  units: string[],
): ListSearch {
  const search: ListSearch = {};
  const lights = LIGHTS[figure];
  if (lights) {
    search.light = lights;
  }
  if (units.length > 0) {
    search.lead_unit = units;
  }
  if (row && isFilter(chart.by)) {
    search[chart.by] = [row.key ?? NONE];
  }
  return search;
}
