import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { ApiError, errorText } from "../../api/errors";
import { useMe } from "../../api/queries/session";
import type { TaskView } from "../../api/types";
import { fieldProblems } from "../../forms/useFormState";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** Brings a message that has just appeared into view, and reads it out. */
function show(element: HTMLDivElement | null): void {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "center" });
}

/** Why a task could not be completed; what is wrong with single fields stands at them. */
export function TaskFailure({ error, task }: { error: unknown; task: TaskView }) {
  const texts = useMessages();
  const { zone } = useMe();
  if (!error) {
    return null;
  }
  const conflict = error instanceof ApiError && error.status === 409;
  const general = fieldProblems(error).filter(({ field }) => field === "");
  if (error instanceof ApiError && error.problems.length > 0 && general.length === 0) {
    return null;
  }
  const said =
    error instanceof ApiError && error.code === "already-done" && error.by && error.at
      ? texts.task.completedBy(error.by.name, instantText(error.at, zone))
      : errorText(error);
  return (
    <div ref={show} tabIndex={-1} className="summary">
      <Alert
        type={conflict ? "warning" : "error"}
        showIcon
        title={said}
        description={
          conflict ? (
            <>
              <p>{texts.task.yourText}</p>
              <Link to="/items/$item" params={{ item: (task.root_item ?? task.item).id }}>
                {texts.task.seeResult}
              </Link>
            </>
          ) : general.length > 0 ? (
            general.map(({ message }) => <p key={message}>{message}</p>)
          ) : undefined
        }
      />
    </div>
  );
}
