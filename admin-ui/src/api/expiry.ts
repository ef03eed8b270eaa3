import { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { watch } from "./client";
import { ApiError } from "./errors";
import { keys } from "./queries/keys";

let expired = false;
const listeners = new Set<() => void>();

/** Says that the session has ended (or goes on again): the shell then asks for the password over the page. */
export function setExpired(next: boolean): void {
  if (expired !== next) {
    expired = next;
    for (const listener of listeners) {
      listener();
    }
  }
}

export function useExpired(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => expired,
  );
}

/** The cache of everything that the server answered. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // An answer that says what is wrong will say so again; only a lost connection is worth another try.
        retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 2,
      },
      mutations: { retry: false },
    },
  });
  watch({
    signedOut: () => setExpired(true),
    // Somebody signed in anew in another window: the token that belongs to it makes the next try work.
    staleToken: () => void client.invalidateQueries({ queryKey: keys.me }),
  });
  return client;
}
