import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { BACKGROUND } from "./activity";
import { keys } from "./queries/keys";

/** The number before the dash: the root item that an id lies below. */
export function rootOf(id: string): string {
  return id.split("-", 1)[0] ?? id;
}

/** Fetches again what an event names. */
export function invalidate(client: QueryClient, what: readonly string[]): void {
  for (const name of what) {
    if (name.startsWith("item:")) {
      const root = rootOf(name.slice("item:".length));
      void client.invalidateQueries({
        predicate: ({ queryKey: [kind, id] }) =>
          (kind === "item" || kind === "task" || kind === "history") &&
          typeof id === "string" &&
          rootOf(id) === root,
      });
    } else if (name === "todo") {
      void client.invalidateQueries({ queryKey: keys.todo() });
      void client.invalidateQueries({ queryKey: keys.done() });
    } else {
      void client.invalidateQueries({ queryKey: [name] });
    }
  }
}

type Stream = "connecting" | "open" | "lost";

let state: Stream = "connecting";
const listeners = new Set<() => void>();

function setState(next: Stream): void {
  if (state !== next) {
    state = next;
    for (const listener of listeners) {
      listener();
    }
  }
}

/** Whether the stream of changes is connected. */
export function useStream(): Stream {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** How long to wait before the attempt after `failures` failed ones; a third is random, so that not all come at once. */
export function delay(failures: number, random = Math.random()): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return Math.round(longest * (2 / 3 + random / 3));
}

/**
 * Listens for what becomes stale until the returned function is called. A page that nobody sees does not listen: over plain HTTP a
 * browser has six connections to a server for all its windows, and as many open streams would leave none for anything else. The browser's own reconnecting gives up on an error
 * status (a proxy's 502, a restart), so every attempt is ours.
 */
export function listen(client: QueryClient, onSignedOut: () => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const connect = () => {
    stop();
    if (document.visibilityState === "hidden") {
      return;
    }
    source = new EventSource("/api/events");
    source.addEventListener("open", () => {
      failures = 0;
      setState("open");
    });
    source.addEventListener("hello", () => {
      void client.invalidateQueries();
    });
    source.addEventListener("stale", (event) => {
      invalidate(client, staleNames(event.data));
    });
    source.addEventListener("error", () => {
      source?.close();
      if (stopped) {
        return;
      }
      setState("lost");
      timer = setTimeout(retry, delay(failures));
      failures += 1;
    });
  };
  // A stream answers a lost session with an error that has no status: ask who is signed in before trying again.
  const retry = async () => {
    const response = await fetch("/api/me", { headers: BACKGROUND }).catch(() => undefined);
    if (stopped) {
      return;
    }
    if (response?.status === 401) {
      onSignedOut();
    } else {
      connect();
    }
  };
  const now = () => {
    if (state === "lost" && !stopped) {
      failures = 0;
      connect();
    }
  };

  const look = () => {
    if (document.visibilityState === "hidden") {
      stop();
    } else if (!source) {
      connect();
    }
  };

  connect();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", now);
  return () => {
    stopped = true;
    stop();
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", now);
    setState("connecting");
  };
}

function staleNames(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    const what = (parsed as { what?: unknown }).what;
    return Array.isArray(what) ? what.filter((name): name is string => typeof name === "string") : [];
  } catch {
    return [];
  }
}
