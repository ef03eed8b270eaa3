import type { ImportChoice } from "../../api/queries/imports";
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

/** Whether a row goes in unless the reader says otherwise; absent where it can not go in at all. */
export function usual(verdict: Verdict): boolean | undefined {
  return { new: true, changed: true, duplicate: false }[verdict as string];
}

/** Whether a row goes in; `turned` holds the rows of which the reader said otherwise than usual. */
export function goesIn({ verdict, row }: ImportRow, turned: ReadonlySet<number>): boolean {
  const going = usual(verdict);
  return going !== undefined && going !== turned.has(row);
}

/** What a commit would do: exactly as many rows go in as it says. */
export function counted(rows: readonly ImportRow[], turned: ReadonlySet<number>) {
  const going = rows.filter((row) => goesIn(row, turned));
  const changed = going.filter(({ verdict }) => verdict === "changed").length;
  return { created: going.length - changed, changed, total: going.length, out: rows.length - going.length };
}

/** What the reader chose, as it is sent. */
export function choiceOf(rows: readonly ImportRow[], turned: ReadonlySet<number>): ImportChoice {
  const chosen = (going: boolean) =>
    rows.filter(({ verdict, row }) => usual(verdict) === going && turned.has(row)).map(({ row }) => row);
  return { accept: chosen(false), leave_out: chosen(true) };
}
