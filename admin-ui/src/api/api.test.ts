import { QueryClient } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { api, data, watch } from "./client";
import { delay, invalidate, rootOf } from "./events";
import { CommandKey, newKey } from "./idempotency";
import { fileName } from "./queries/items";
import { keys } from "./queries/keys";

test("a key is 32 hexadecimal digits and never the same", () => {
  const made = new Set(Array.from({ length: 100 }, newKey));
  expect(made.size).toBe(100);
  for (const key of made) {
    expect(key).toMatch(/^[0-9a-f]{32}$/);
  }
});

test("a key needs no secure context", () => {
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(171) });
  expect(newKey()).toBe("ab".repeat(16));
  vi.unstubAllGlobals();
});

test("the same command sent again keeps its key; another content or a settled command gets a new one", () => {
  const key = new CommandKey();
  const first = key.for({ outcome: "submit" });
  expect(key.for({ outcome: "submit" })).toBe(first);
  const second = key.for({ outcome: "return" });
  expect(second).not.toBe(first);
  key.settle();
  expect(key.for({ outcome: "return" })).not.toBe(second);
});

test("a stale item makes everything below its root stale, and nothing else", () => {
  const client = new QueryClient();
  const fresh = [keys.item("1042"), keys.task("1042-7"), keys.history("1042-3"), keys.item("10427"), keys.me];
  for (const key of fresh) {
    client.setQueryData(key, {});
  }
  invalidate(client, ["item:1042"]);
  expect(fresh.map((key) => client.getQueryState(key)?.isInvalidated)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(rootOf("1042-7")).toBe("1042");
});

test("stale to-dos make the list of what was done stale too", () => {
  const client = new QueryClient();
  client.setQueryData(keys.todo(1), {});
  client.setQueryData(keys.done(2), {});
  client.setQueryData(keys.notices(1), {});
  invalidate(client, ["todo"]);
  expect(client.getQueryState(keys.todo(1))?.isInvalidated).toBe(true);
  expect(client.getQueryState(keys.done(2))?.isInvalidated).toBe(true);
  expect(client.getQueryState(keys.notices(1))?.isInvalidated).toBe(false);
});

test("attempts to connect again come ever more rarely, up to half a minute, and not all at once", () => {
  expect(delay(0, 1)).toBe(1_000);
  expect(delay(3, 1)).toBe(8_000);
  expect(delay(20, 1)).toBe(30_000);
  expect(delay(20, 0)).toBe(20_000);
});

test("a download has the name that the server gives it", () => {
  expect(fileName(`attachment; filename="___1.xlsx"; filename*=UTF-8''%E4%BB%BB%E5%8A%A1%201.xlsx`)).toBe(
    "任务 1.xlsx",
  );
  expect(fileName('attachment; filename="plain.xlsx"')).toBe("plain.xlsx");
  expect(fileName(`attachment; filename="a.xlsx"; filename*=UTF-8''%E4%zz`)).toBe("a.xlsx");
  expect(fileName(null)).toBe("export.xlsx");
});

/** Sends to a server that always gives this answer. */
function answered(status: number, body: unknown) {
  const fetch = async () =>
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  return { baseUrl: "http://docket.test/api", fetch };
}

test.each([
  [401, "not-signed-in", ["signed out"]],
  [403, "csrf", ["stale token"]],
  [401, "wrong-credentials", []],
  [403, "not-yours", []],
])("an answer %d %s tells what it means for the session", async (status, code, told) => {
  const heard: string[] = [];
  watch({ signedOut: () => heard.push("signed out"), staleToken: () => heard.push("stale token") });
  const problem = { type: "", title: "标题", status, code, detail: "说明" };
  const refused = data(api.POST("/notices/read-all", answered(status, problem)));
  await expect(refused).rejects.toMatchObject({ status, code, message: "说明" });
  expect(heard).toEqual(told);
});

test("an answer of a proxy becomes an error in words", async () => {
  const refused = data(api.GET("/me", answered(502, "Bad gateway")));
  await expect(refused).rejects.toMatchObject({ status: 502, code: "http-502" });
});
