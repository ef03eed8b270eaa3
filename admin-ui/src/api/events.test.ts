import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen } from "./events";

/** Streams that are open. */
let open: Set<EventTarget>;

class Source extends EventTarget {
  constructor() {
    super();
    open.add(this);
  }
  close() {
    open.delete(this);
  }
}

let visibility: DocumentVisibilityState;
let stop: () => void;

function show(next: DocumentVisibilityState) {
  visibility = next;
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  open = new Set();
  visibility = "visible";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  vi.stubGlobal("EventSource", Source);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a window that nobody sees holds no connection; seen again, it listens again, to one stream", () => {
  stop = listen(new QueryClient(), () => undefined);
  expect(open.size).toBe(1);
  show("hidden");
  expect(open.size).toBe(0);
  show("visible");
  show("visible");
  expect(open.size).toBe(1);
  stop();
  expect(open.size).toBe(0);
  show("visible");
  expect(open.size).toBe(0);
});

test("a lost stream is tried again only where it is seen, and a lost session is told", async () => {
  vi.useFakeTimers();
  let status = 200;
  vi.stubGlobal("fetch", async () => new Response("{}", { status }));
  const lose = async () => {
    for (const source of [...open]) {
      source.dispatchEvent(new Event("error"));
    }
    await vi.advanceTimersByTimeAsync(60_000);
  };
  let signedOut = 0;
  stop = listen(new QueryClient(), () => {
    signedOut += 1;
  });
  await lose();
  expect(open.size).toBe(1);
  show("hidden");
  await lose();
  expect(open.size).toBe(0);
  show("visible");
  status = 401;
  await lose();
  expect([open.size, signedOut]).toEqual([0, 1]);
});
