import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saveDraft, sendDraftOnLeave } from "../api/queries/tasks";
import { kept } from "./drafts";
import { useAutosave } from "./useAutosave";

vi.mock("../api/queries/tasks");

const SAVED = { saved_at: "2026-11-25T02:32:00Z" };

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(saveDraft).mockReset().mockResolvedValue(SAVED);
  vi.mocked(sendDraftOnLeave).mockReset();
});
afterEach(() => vi.useRealTimers());

function start(options: Partial<Parameters<typeof useAutosave>[3]> = {}) {
  const all = { enabled: true, savedAt: undefined, recovered: false, ...options };
  return renderHook(({ data }) => useAutosave("7", "1042-3", data, all), {
    initialProps: { data: { a: "" } },
  });
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test("what was not changed is not saved", async () => {
  const { result, unmount } = start();
  await act(() => result.current.save());
  await pass(60_000);
  unmount();
  expect(saveDraft).not.toHaveBeenCalled();
  expect(sendDraftOnLeave).not.toHaveBeenCalled();
  expect(result.current.state).toEqual({ kind: "none" });
});

test("a change is saved three seconds after the last letter, once", async () => {
  const { result, rerender } = start();
  rerender({ data: { a: "完" } });
  await pass(2_000);
  rerender({ data: { a: "完成" } });
  await pass(2_000);
  expect(saveDraft).not.toHaveBeenCalled();
  expect(result.current.state).toEqual({ kind: "changed" });
  await pass(1_000);
  expect(saveDraft).toHaveBeenCalledExactlyOnceWith("1042-3", { a: "完成" });
  expect(result.current.state).toEqual({ kind: "saved", at: SAVED.saved_at });
});

test("leaving a field saves at once", async () => {
  const { result, rerender } = start();
  rerender({ data: { a: "完成" } });
  await act(() => result.current.save());
  await pass(60_000);
  expect(saveDraft).toHaveBeenCalledTimes(1);
});

test("what the server did not take is kept on this computer and tried again", async () => {
  vi.mocked(saveDraft).mockRejectedValueOnce(new Error("offline"));
  const { result, rerender } = start();
  rerender({ data: { a: "完成" } });
  await pass(3_000);
  expect(result.current.state).toEqual({ kind: "failed" });
  expect(kept("7", "1042-3")).toEqual({ a: "完成" });
  expect(kept("8", "1042-3")).toBeUndefined();
  await pass(10_000);
  expect(result.current.state.kind).toBe("saved");
  expect(kept("7", "1042-3")).toBeUndefined();
});

test("what was recovered is saved although it was not changed again", async () => {
  start({ recovered: true });
  await pass(3_000);
  expect(saveDraft).toHaveBeenCalledTimes(1);
});

test("leaving the page sends what is not saved; a form that was handed in is no draft any more", async () => {
  const left = start();
  left.rerender({ data: { a: "完成" } });
  left.unmount();
  expect(sendDraftOnLeave).toHaveBeenCalledExactlyOnceWith("1042-3", { a: "完成" });
  const handedIn = start();
  handedIn.rerender({ data: { a: "完成" } });
  act(() => handedIn.result.current.finish());
  handedIn.unmount();
  await pass(60_000);
  expect(sendDraftOnLeave).toHaveBeenCalledTimes(1);
  expect(saveDraft).not.toHaveBeenCalled();
});

test("a form is handed in only after the draft that is under way has arrived", async () => {
  let arrive = (_: typeof SAVED) => {};
  vi.mocked(saveDraft).mockReturnValueOnce(new Promise((arrived) => (arrive = arrived)));
  const { result, rerender } = start();
  rerender({ data: { a: "完成" } });
  act(() => void result.current.save());
  rerender({ data: { a: "完成了" } });
  let rested = false;
  act(() => void result.current.rest().then(() => (rested = true)));
  await pass(1);
  expect(rested).toBe(false);
  arrive(SAVED);
  await pass(60_000);
  expect(rested).toBe(true);
  expect(saveDraft).toHaveBeenCalledTimes(1);
  // Refused: it is a draft again.
  await act(() => result.current.save());
  expect(saveDraft).toHaveBeenLastCalledWith("1042-3", { a: "完成了" });
});

test("nothing is saved where the reader may not", async () => {
  const { rerender, unmount } = start({ enabled: false });
  rerender({ data: { a: "完成" } });
  await pass(60_000);
  unmount();
  expect(saveDraft).not.toHaveBeenCalled();
  expect(sendDraftOnLeave).not.toHaveBeenCalled();
});
