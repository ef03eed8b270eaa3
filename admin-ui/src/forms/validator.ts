import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { RJSFSchema, ValidatorType } from "@rjsf/utils";
import type { FieldView, FormData, FormView } from "../api/types";
import { faultText } from "./messages";

/** What is wrong with one field, in words; `field` is its name, empty where the form as a whole is meant. */
export type FormProblem = { field: string; message: string };

/** Keywords that only say that something inside is wrong; the inside says what. */
const OUTER = new Set([
  "properties",
  "items",
  "prefixItems",
  "allOf",
  "$ref",
  "if",
  "then",
  "else",
  "additionalProperties",
]);

/** The value at a JSON Pointer or `#/…` location. */
function at(document: unknown, location: string): unknown {
  let found = document;
  for (const part of location.replace(/^#?\/?/, "").split("/")) {
    if (part !== "" && typeof found === "object" && found !== null) {
      found = (found as Record<string, unknown>)[unescaped(part)];
    }
  }
  return found;
}

function unescaped(part: string): string {
  return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The field that a location inside the form lies in. */
export function fieldOf(location: string): string {
  return unescaped(location.replace(/^#?\/?/, "").split("/")[0] ?? "");
}

/**
 * The values to send: without what is absent or read only; numbers that were typed with a trailing zero or point as numbers.
 * What the reader typed stays as it is on the page.
 */
export function sendable(form: FormView, data: FormData): FormData {
  const sent: FormData = {};
  for (const { name, kind, read_only } of form.fields) {
    const value = data[name];
    if (read_only || isAbsent(value)) {
      continue;
    }
    sent[name] = kind === "number" ? asNumber(value) : value;
  }
  return sent;
}

function isAbsent(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function asNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(\.\d*)?$/.test(value.trim()) ? Number(value) : value;
}

function units(schema: unknown, data: unknown): OutputUnit[] {
  return new Validator(schema as Schema, "2020-12", false).validate(data).errors;
}

/** The property that a `required` fault misses: the validator names it in its sentence and nowhere else. */
function missing(unit: OutputUnit): string {
  return unit.error.match(/"([^"]+)"/)?.[1] ?? "";
}

/**
 * What is wrong with `data`, at most one problem for a field, in the order of the fields. The server judges in the end; this
 * says the same sooner. Read-only fields are the server's own.
 */
export function problemsOf(form: FormView, data: FormData): FormProblem[] {
  const sent = sendable(form, data);
  const found = new Map<string, string>();
  const fields = new Map(form.fields.map((field) => [field.name, field]));
  const add = (name: string, text: (field: FieldView) => string) => {
    const field = fields.get(name);
    if (field && !field.read_only && !found.has(name)) {
      found.set(name, text(field));
    }
  };
  for (const unit of units(form.schema, sent)) {
    if (OUTER.has(unit.keyword)) {
      continue;
    }
    const absent = unit.keyword === "required";
    const fault = {
      keyword: unit.keyword,
      limit: at(form.schema, unit.keywordLocation),
      value: at(sent, unit.instanceLocation),
    };
    const inside = fieldOf(unit.instanceLocation);
    add(absent && inside === "" ? missing(unit) : inside, (field) => faultText(fault, field));
  }
  return form.fields.flatMap(({ name }) => {
    const message = found.get(name);
    return message === undefined ? [] : [{ field: name, message }];
  });
}

/** The adaptor that the form library asks while it renders; what the reader sees comes from [problemsOf]. */
export const validator: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: (schema: RJSFSchema, data: unknown) => units(schema, data).length === 0,
  rawValidation: <Result>(schema: RJSFSchema, data?: unknown) => ({
    errors: units(schema, data) as Result[],
  }),
};
