import { useCallback, useEffect, useRef, useState } from "react";
import { saveDraft, sendDraftOnLeave } from "../api/queries/tasks";
import type { FormData } from "../api/types";
import { forget, keep } from "./drafts";

/** How long after a change a draft is saved at the latest. */
const PAUSE_MS = 3_000;
/** How long after a failure it is tried again. */
const RETRY_MS = 10_000;

export type SaveState =
  | { kind: "none" }
  | { kind: "changed" }
  | { kind: "saving" }
  | { kind: "saved"; at: string }
  | { kind: "failed" };

/**
 * Saves a task's draft while it is being filled in: a few seconds after a change, when a field is left, when the page is hidden.
 * What the server did not take is kept on this computer and tried again.
 */
export function useAutosave(
  person: string,
  task: string,
  data: FormData,
  options: { enabled: boolean; savedAt: string | undefined; recovered: boolean },
) {
  const { enabled, savedAt, recovered } = options;
  const [state, setState] = useState<SaveState>(savedAt ? { kind: "saved", at: savedAt } : { kind: "none" });
  const text = JSON.stringify(data);
  const latest = useRef({ data, text });
  const saved = useRef(recovered ? "" : text);
  const busy = useRef(false);
  const underWay = useRef<Promise<void>>(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef<() => Promise<void>>(() => Promise.resolve());
  latest.current = { data, text };

  const send = useCallback(async () => {
    const sent = latest.current;
    busy.current = true;
    setState({ kind: "saving" });
    try {
      const { saved_at } = await saveDraft(task, sent.data);
      saved.current = sent.text;
      forget(person, task);
      setState({ kind: "saved", at: saved_at });
    } catch {
      keep(person, task, latest.current.data);
      setState({ kind: "failed" });
      timer.current = setTimeout(() => void again.current(), RETRY_MS);
    } finally {
      busy.current = false;
    }
    if (saved.current === sent.text && latest.current.text !== sent.text) {
      timer.current = setTimeout(() => void again.current(), PAUSE_MS);
    }
  }, [person, task]);

  const save = useCallback((): Promise<void> => {
    clearTimeout(timer.current);
    if (enabled && !busy.current && latest.current.text !== saved.current) {
      underWay.current = send();
    }
    return underWay.current;
  }, [enabled, send]);
  again.current = save;

  useEffect(() => {
    if (!enabled || text === saved.current) {
      return;
    }
    setState((before) => (before.kind === "saving" ? before : { kind: "changed" }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), PAUSE_MS);
  }, [text, enabled, save]);

  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === "hidden" && enabled && latest.current.text !== saved.current) {
        keep(person, task, latest.current.data);
        sendDraftOnLeave(task, latest.current.data);
      }
    };
    document.addEventListener("visibilitychange", hidden);
    return () => document.removeEventListener("visibilitychange", hidden);
  }, [enabled, person, task]);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (enabled && latest.current.text !== saved.current) {
        sendDraftOnLeave(task, latest.current.data);
      }
    },
    [enabled, task],
  );

  /** The form was handed in: nothing of it is a draft any more. */
  const finish = useCallback(() => {
    clearTimeout(timer.current);
    saved.current = latest.current.text;
    forget(person, task);
  }, [person, task]);

  /** Before the form is handed in: a draft that is under way must not arrive after it, and none may follow. */
  const rest = useCallback(async () => {
    clearTimeout(timer.current);
    await underWay.current;
    clearTimeout(timer.current);
  }, []);

  return { state, save, rest, finish };
}
