import type { HistoryEntry } from "../../api/types";

/** What one command did: what was done, and what that changed. */
export type Deed = { done: HistoryEntry; changes: HistoryEntry[] };

/** The entries of a trail, the newest first, put together by the command that they belong to; changes in the order they came in. */
export function deedsOf(entries: readonly HistoryEntry[]): Deed[] {
  const groups: HistoryEntry[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group?.[0]?.deed === entry.deed) {
      group.unshift(entry);
    } else {
      groups.push([entry]);
    }
  }
  return groups.flatMap(([done, ...changes]) => (done ? [{ done, changes }] : []));
}
