import type { FieldView } from "../api/types";
import { messages } from "../i18n/language";

/** What a schema's keyword asked and what it was given. */
export type Fault = { keyword: string; limit: unknown; value: unknown };

const PICKED = new Set(["unit", "person", "choice", "entry", "date", "list", "bool"]);

/** What to write instead, with the field's title. */
export function faultText(fault: Fault, field: Pick<FieldView, "title" | "kind">): string {
  const texts = messages().problem;
  const title = field.title;
  const limit = Number(fault.limit);
  switch (fault.keyword) {
    case "required":
      return PICKED.has(field.kind) ? texts.requiredPick(title) : texts.required(title);
    case "minLength":
      return texts.tooShort(title, limit);
    case "maxLength":
      return texts.tooLong(title, limit, characters(fault.value) - limit);
    case "minItems":
      return limit <= 1 ? texts.requiredPick(title) : texts.tooFew(title, limit);
    case "maxItems":
      return texts.tooMany(title, limit);
    case "minimum":
    case "exclusiveMinimum":
      return texts.tooSmall(title, String(fault.limit));
    case "maximum":
    case "exclusiveMaximum":
      return texts.tooLarge(title, String(fault.limit));
    case "multipleOf":
      return texts.step(title, String(fault.limit));
    case "type":
      return fault.limit === "integer"
        ? texts.wholeNumber(title)
        : fault.limit === "number"
          ? texts.number(title)
          : texts.other(title);
    case "enum":
    case "const":
      return texts.choice(title);
    case "format":
      return fault.limit === "date" ? texts.date(title) : texts.other(title);
    case "pattern":
      return texts.pattern(title);
    case "uniqueItems":
      return texts.duplicate(title);
    default:
      return texts.other(title);
  }
}

/** Characters as people count them: a rare one in two code units counts once. */
export function characters(value: unknown): number {
  return typeof value === "string" ? [...value].length : 0;
}
