import type { ImportRow } from "../../api/types";

export type Verdict = ImportRow["verdict"];

/** In the order in which a reader needs to look at them. */
export const VERDICTS: readonly Verdict[] = [
  "refused",
  "duplicate",
  "new",
  "changed",
  "unchanged",
  "left_out",
];

/** What a commit would do: exactly as many rows go in as it says. */
export function counted(rows: readonly ImportRow[], accepted: ReadonlySet<number>) {
  const created = rows.filter(
    ({ verdict, row }) => verdict === "new" || (verdict === "duplicate" && accepted.has(row)),
  ).length;
  const changed = rows.filter(({ verdict }) => verdict === "changed").length;
  const total = created + changed;
  return { created, changed, total, out: rows.length - total };
}
