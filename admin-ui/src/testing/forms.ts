import type { FieldView, FormView } from "../api/types";

/** A field of a form, for tests. */
export function field(
  name: string,
  title: string,
  kind: FieldView["kind"],
  more: Partial<FieldView> = {},
): FieldView {
  return { name, title, kind, required: false, read_only: false, ...more };
}

/** A form, for tests. */
export function form(parts: {
  required?: string[];
  properties: Record<string, unknown>;
  fields: FieldView[];
}): FormView {
  const { required = [], properties, fields } = parts;
  return {
    name: "form",
    version: "1",
    title: "表单",
    schema: { type: "object", required, properties },
    fields,
  };
}
