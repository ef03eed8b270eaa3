import { useId } from "react";
import { useMessages } from "../i18n/language";
import { DirectoryPicker } from "./DirectoryPicker";
import { below, Field } from "./Field";

/** Asks for people: at least one, or exactly one. */
export function PeopleField({
  label,
  one = false,
  missing,
  value,
  onChange,
}: {
  label: string;
  one?: boolean;
  /** Whether it was sent without what it needs. */
  missing: boolean;
  value: readonly string[];
  onChange: (people: string[]) => void;
}) {
  const texts = useMessages();
  const id = useId();
  const problem = missing && value.length === 0 ? texts.problem.requiredPick(label) : undefined;
  const common = {
    kind: "person",
    id,
    label,
    invalid: problem !== undefined,
    ...(problem ? { describedBy: below(id) } : {}),
  } as const;
  return (
    <Field id={id} label={label} required problem={problem}>
      {one ? (
        <DirectoryPicker
          {...common}
          value={value[0]}
          onChange={(person) => onChange(person === undefined ? [] : [person])}
        />
      ) : (
        <DirectoryPicker {...common} multiple value={value} onChange={onChange} />
      )}
    </Field>
  );
}
