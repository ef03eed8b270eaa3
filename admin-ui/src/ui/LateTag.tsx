import { useMessages } from "../i18n/language";

/** Marks a task whose group has ended without it: what is written there is read, and nothing follows from it. */
export function LateTag() {
  return <span className="late-tag">{useMessages().task.late}</span>;
}
