import type { ColumnView, ModuleKind } from "../api/types";

/** Attributes of the platform by which the server sorts. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  "light",
  "state",
  "stage",
  "next_due",
  "suspended_on",
  "created_at",
  "year",
]);

/** Roles of fields by which the server sorts and whose order tells something; the others have a filter. */
const ROLES: ReadonlySet<string> = new Set(["title", "due", "lead_unit"]);

/** Whether a list of `kind` can be sorted by `column`. */
export function isSortable(kind: Pick<ModuleKind, "form">, column: Pick<ColumnView, "name">): boolean {
  const field = kind.form.fields.find(({ name }) => name === column.name);
  return ATTRIBUTES.has(column.name) || (field?.role !== undefined && ROLES.has(field.role));
}
