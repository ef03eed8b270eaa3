import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { useRef } from "react";
import { errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { keys } from "../../api/queries/keys";
import { useMe } from "../../api/queries/session";
import { releaseTask } from "../../api/queries/tasks";
import type { OutcomeView, TaskView } from "../../api/types";
import type { SaveState } from "../../forms/useAutosave";
import { timeText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { offered, TaskOperations } from "./TaskOperations";

/** The buttons that end a task: the first that leads on stands out, returns are marked; giving back, and whether the draft is safe. */
export function TaskActions({
  task,
  saved,
  onSave,
  pending,
  onChoose,
}: {
  task: TaskView;
  saved: SaveState;
  onSave: () => void;
  pending: string | undefined;
  onChoose: (outcome: OutcomeView) => void;
}) {
  const texts = useMessages();
  const primary = task.outcomes.find(({ is_return }) => !is_return)?.name;
  const ordered = [...task.outcomes].sort((a, b) => Number(a.is_return) - Number(b.is_return));
  if (!task.may.complete && !task.may.release && offered(task).length === 0) {
    return null;
  }
  return (
    <div className="task-actions">
      {task.may.complete
        ? ordered.map((outcome) => (
            <Button
              key={outcome.name}
              type={outcome.name === primary ? "primary" : "default"}
              danger={outcome.is_return}
              loading={pending === outcome.name}
              disabled={pending !== undefined && pending !== outcome.name}
              onClick={() => onChoose(outcome)}
            >
              {outcome.title}
            </Button>
          ))
        : null}
      {task.may.complete && task.may.save_draft && task.form ? (
        <Button onClick={onSave} disabled={saved.kind === "saving"}>
          {texts.task.saveDraft}
        </Button>
      ) : null}
      {task.may.release ? <Release task={task} /> : null}
      <TaskOperations task={task} />
      <Saved state={saved} />
    </div>
  );
}

function Release({ task }: { task: TaskView }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  const release = useMutation({
    mutationFn: () => releaseTask(task.id, key.current.for("release")),
    onSuccess: (released) => {
      key.current.settle();
      client.setQueryData(keys.task(task.id), released);
      void client.invalidateQueries({ queryKey: keys.todo() });
      message.success(texts.task.released);
    },
    onError: (error) => message.error(errorText(error)),
  });
  return (
    <Popconfirm
      title={texts.task.release}
      description={texts.task.releaseHint}
      okText={texts.task.release}
      onConfirm={() => release.mutate()}
    >
      <Button loading={release.isPending}>{texts.task.release}</Button>
    </Popconfirm>
  );
}

function Saved({ state }: { state: SaveState }) {
  const texts = useMessages();
  const { zone } = useMe();
  const said = {
    none: "",
    changed: texts.task.unsaved,
    saving: texts.task.saving,
    failed: texts.task.unsaved,
    saved: state.kind === "saved" ? texts.task.saved(timeText(state.at, zone)) : "",
  }[state.kind];
  return (
    <span className="saved" role="status">
      {said}
    </span>
  );
}
