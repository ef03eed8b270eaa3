/** A rule as it is filled in. */
export type NewRule = {
  role: string;
  deny: boolean;
  actions: string[];
  on: string;
  when: string;
  fields: string[];
};

/** A text as YAML reads it back: a plain word, else in double quotes as JSON writes it. */
export function scalar(text: string): string {
  return /^\p{L}[\p{L}\p{N}_-]*$/u.test(text) ? text : JSON.stringify(text);
}

/** The line that says `rule`. */
export function ruleLine({ role, deny, actions, on, when, fields }: NewRule): string {
  const parts = [
    `role: ${scalar(role)}`,
    `${deny ? "may_not" : "may"}: [${actions.map(scalar).join(", ")}]`,
    `on: ${scalar(on)}`,
    ...(when.trim() === "" ? [] : [`when: ${JSON.stringify(when.trim())}`]),
    ...(fields.length === 0 ? [] : [`fields: [${fields.map(scalar).join(", ")}]`]),
  ];
  return `  - {${parts.join(", ")}}`;
}

/** `text`, a policy, with a rule at its end. */
export function withRule(text: string, rule: NewRule): string {
  const line = ruleLine(rule);
  const ended = text.replace(/\s*$/, "\n");
  return /^rules: *\[\] *$/m.test(ended)
    ? `${ended.replace(/^rules: *\[\] *$/m, "rules:")}${line}\n`
    : `${ended}${line}\n`;
}
