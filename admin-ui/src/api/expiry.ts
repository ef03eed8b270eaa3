import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ApiError, isSignedOut } from "./errors";

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

function onError(error: unknown): void {
  if (isSignedOut(error)) {
    setExpired(true);
  }
}

/** The cache of everything that the server answered. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // An answer that says what is wrong will say so again; only a lost connection is worth another try.
        retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 2,
      },
      mutations: { retry: false },
    },
  });
}
