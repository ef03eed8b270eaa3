import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useRef } from "react";
import { ApiError } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { keys } from "../../api/queries/keys";
import { type Deed, operate } from "../../api/queries/operations";
import { useMessages } from "../../i18n/language";

/** Whether the task is no longer the reader's afterwards: it is another one's, or comes again later. */
function leaves(deed: Deed): boolean {
  const { kind } = deed;
  return (
    ["transfer", "delegate", "hand-back", "return", "withdraw"].includes(kind) ||
    (kind === "add-signers" && deed.turn === "before")
  );
}

/** Doing something with a task beside completing it: sent once however often it is tried. */
export function useOperate(task: string, onDone: () => void) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  return useMutation({
    mutationFn: (deed: Deed) => operate(task, key.current.for(deed), deed),
    onSuccess: async (_, deed) => {
      key.current.settle();
      onDone();
      message.success(texts.operations.done[deed.kind]);
      if (leaves(deed)) {
        client.removeQueries({ queryKey: keys.task(task) });
        void client.invalidateQueries();
        await navigate({ to: "/todo" });
      } else {
        void client.invalidateQueries({ queryKey: keys.task(task) });
      }
    },
    onError: (error) => {
      if (error instanceof ApiError) {
        key.current.settle();
        if (error.status === 409 || error.status === 403) {
          void client.invalidateQueries({ queryKey: keys.task(task) });
        }
      }
    },
  });
}
