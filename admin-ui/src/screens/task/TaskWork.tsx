import { Alert, App } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useMe } from "../../api/queries/session";
import type { FormData, FormView, OutcomeView, TaskView } from "../../api/types";
import { kept } from "../../forms/drafts";
import { SchemaForm } from "../../forms/SchemaForm";
import { useAutosave } from "../../forms/useAutosave";
import { useFormState } from "../../forms/useFormState";
import { useMessages } from "../../i18n/language";
import { CommentField } from "../../ui/CommentField";
import { CommentModal } from "./CommentModal";
import { TaskActions } from "./TaskActions";
import { TaskFailure } from "./TaskFailure";
import { useComplete } from "./useComplete";
import { useStickyText } from "./useStickyText";

const NO_FORM: FormView = { name: "", version: "", title: "", schema: { type: "object" }, fields: [] };

/** What a form starts with: the draft or last version, and what the item says of the fields that are only shown. */
function initial(task: TaskView, recovered: FormData | undefined): FormData {
  const shown: FormData = {};
  for (const { name, read_only } of task.form?.fields ?? []) {
    const value = task.item.values.find((one) => one.name === name)?.value;
    if (read_only && value !== undefined && value !== null) {
      shown[name] = value;
    }
  }
  return { ...shown, ...(recovered ?? task.data) };
}

/** The form of a task, its comment, and the buttons that end it. What is typed stays, whatever the server answers. */
export function TaskWork({ task }: { task: TaskView }) {
  const texts = useMessages();
  const { person } = useMe();
  const { message } = App.useApp();
  const recovered = useMemo(() => kept(person.id, task.id), [person.id, task.id]);
  const state = useFormState(task.form ?? NO_FORM, initial(task, recovered));
  const open = task.state === "open";
  const editable = open && task.may.complete;
  const autosave = useAutosave(person.id, task.id, state.values, {
    enabled: open && task.may.save_draft && task.form !== undefined && task.form !== null,
    savedAt: task.draft_saved_at ?? undefined,
    recovered: recovered !== undefined,
  });
  const [comment, setComment] = useStickyText(`docket.comment.${person.id}.${task.id}`);
  const [asking, setAsking] = useState<OutcomeView>();
  const complete = useComplete(task, state, autosave, () => {
    autosave.finish();
    setComment("");
    setAsking(undefined);
  });
  useEffect(() => {
    if (recovered) {
      message.info(texts.task.recovered);
    }
  }, [recovered, message, texts]);

  const choose = (outcome: OutcomeView) => {
    complete.reset();
    if (!outcome.is_return && !state.check()) {
      return;
    }
    if (outcome.requires_comment) {
      setAsking(outcome);
    } else {
      complete.send(outcome, comment);
    }
  };
  if (!open && !task.form) {
    return null;
  }
  return (
    <>
      {task.form ? (
        <SchemaForm state={state} disabled={!editable} onLeave={() => void autosave.save()} />
      ) : null}
      {editable ? <CommentField help={texts.task.commentHint} value={comment} onChange={setComment} /> : null}
      {asking ? null : <TaskFailure error={complete.error} task={task} />}
      {autosave.state.kind === "failed" ? (
        <Alert className="summary" type="warning" showIcon title={texts.task.saveFailed} />
      ) : null}
      {open ? (
        <TaskActions
          task={task}
          saved={autosave.state}
          onSave={autosave.save}
          pending={complete.pending}
          onChoose={choose}
        />
      ) : null}
      {asking ? (
        <CommentModal
          outcome={asking}
          comment={comment}
          onComment={setComment}
          pending={complete.pending !== undefined}
          failure={<TaskFailure error={complete.error} task={task} />}
          onCancel={() => setAsking(undefined)}
          onSend={() => complete.send(asking, comment)}
        />
      ) : null}
    </>
  );
}
