import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useRef } from "react";
import { ApiError } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { keys } from "../../api/queries/keys";
import { completeTask } from "../../api/queries/tasks";
import type { OutcomeView, TaskView } from "../../api/types";
import { type FormState, fieldProblems } from "../../forms/useFormState";
import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** The saving of drafts, which rests while the form is handed in. */
type Drafts = { rest: () => Promise<void>; save: () => Promise<void> };

/** Completing a task: sent once however often it is tried, then back to the to-do list, saying what opened next. */
export function useComplete(task: TaskView, state: FormState, drafts: Drafts, onDone: () => void) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  const complete = useMutation({
    mutationFn: async ({ outcome, comment }: { outcome: OutcomeView; comment: string }) => {
      await drafts.rest();
      const body = {
        outcome: outcome.name,
        form: task.form ? state.values : {},
        ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
      };
      return completeTask(task.id, key.current.for(body), body);
    },
    onSuccess: async ({ next }, { outcome }) => {
      onDone();
      message.success(
        next.length > 0
          ? texts.task.successNext(outcome.title, joined([...new Set(next)]))
          : texts.task.successEnd(outcome.title),
        5,
      );
      client.removeQueries({ queryKey: keys.task(task.id) });
      void client.invalidateQueries();
      await navigate({ to: "/todo" });
    },
    onError: (error) => {
      const closed = error instanceof ApiError && (error.status === 409 || error.status === 403);
      if (!closed) {
        void drafts.save();
      }
      if (error instanceof ApiError) {
        key.current.settle();
        state.refuse(fieldProblems(error).filter(({ field }) => field !== ""));
        if (closed) {
          void client.invalidateQueries({ queryKey: keys.task(task.id) });
          void client.invalidateQueries({ queryKey: keys.todo() });
        }
      }
    },
  });
  return {
    send: (outcome: OutcomeView, comment: string) => complete.mutate({ outcome, comment }),
    /** The outcome that is being sent. */
    pending: complete.isPending ? complete.variables.outcome.name : undefined,
    error: complete.error,
    reset: complete.reset,
  };
}
