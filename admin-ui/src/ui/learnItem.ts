import type { ItemView } from "../api/types";
import { learn, learnShown } from "./names";

/** Remembers the names that an item shows, so that a form about it can name the ids that it holds. */
export function learnItem(item: ItemView | null | undefined): void {
  if (!item) {
    return;
  }
  learnShown(item.values, ({ kind }) => (kind === "unit" || kind === "person" ? kind : undefined));
  const kinds = new Map(
    item.offers.flatMap(({ form }) =>
      (form?.fields ?? []).map((field) => [field.name, field.item_kind] as const),
    ),
  );
  learnShown(item.values, ({ name, kind }) => {
    const element = kind === "list" ? kinds.get(name) : undefined;
    return element === "unit" || element === "person" ? element : undefined;
  });
  for (const { assignee, candidates } of item.tasks) {
    for (const person of [...(assignee ? [assignee] : []), ...candidates]) {
      learn("person", person.id, person.name);
    }
  }
}
