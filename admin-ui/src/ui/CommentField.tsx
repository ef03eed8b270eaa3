import { Input } from "antd";
import { useId } from "react";
import { useMessages } from "../i18n/language";
import { below, Field } from "./Field";

/** Asks for a comment, or for one that must be given. */
export function CommentField({
  required = false,
  problem,
  help,
  value,
  onChange,
}: {
  required?: boolean;
  /** What is told as long as nothing is written that is needed, once it was sent without. */
  problem?: string | undefined;
  help?: string;
  value: string;
  onChange: (comment: string) => void;
}) {
  const texts = useMessages();
  const id = useId();
  const told = required && value.trim() === "" ? problem : undefined;
  return (
    <Field id={id} label={texts.task.comment} required={required} problem={told} help={help}>
      <Input.TextArea
        id={id}
        value={value}
        autoSize={{ minRows: 2, maxRows: 10 }}
        status={told ? "error" : undefined}
        aria-invalid={told ? true : undefined}
        aria-required={required || undefined}
        aria-describedby={(told ?? help) ? below(id) : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
