import { Select } from "antd";
import { useId } from "react";
import { useMessages } from "../i18n/language";
import { below, Field } from "./Field";

/** Asks for one of few choices. */
export function ChoiceField({
  label,
  required = false,
  missing = false,
  value,
  options,
  onChange,
}: {
  label: string;
  required?: boolean;
  /** Whether it was sent without what it needs. */
  missing?: boolean;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const texts = useMessages();
  const id = useId();
  const problem = required && missing && value === undefined ? texts.problem.requiredPick(label) : undefined;
  return (
    <Field id={id} label={label} required={required} problem={problem}>
      <Select
        id={id}
        className="full"
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? below(id) : undefined}
        status={problem ? "error" : undefined}
        placeholder={texts.form.pick}
        value={value}
        options={[...options]}
        onChange={onChange}
      />
    </Field>
  );
}
