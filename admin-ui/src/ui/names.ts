import { useSyncExternalStore } from "react";
import type { Shown } from "../api/types";

/**
 * Names of people and units that answers have shown, by kind and id, so that a picker or a filter can name what it holds
 * without another request. Ids of people and of units are two separate ranges.
 */
type Named = "unit" | "person";

const STORED = "docket.names";

const names: Record<Named, Map<string, string>> = stored();

/** Kept for this window, so that reloading a filtered page still names its filters. */
function stored(): Record<Named, Map<string, string>> {
  try {
    const found = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Partial<
      Record<Named, [string, string][]>
    >;
    return { unit: new Map(found.unit ?? []), person: new Map(found.person ?? []) };
  } catch {
    return { unit: new Map(), person: new Map() };
  }
}

function store(): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ unit: [...names.unit], person: [...names.person] }));
  } catch {
    // Without storage the names are learned again.
  }
}

let version = 0;
const listeners = new Set<() => void>();

let telling = false;

export function learn(kind: Named, id: string, name: string): void {
  if (names[kind].get(id) === name) {
    return;
  }
  names[kind].set(id, name);
  version += 1;
  if (!telling) {
    telling = true;
    queueMicrotask(() => {
      telling = false;
      store();
      for (const listener of listeners) {
        listener();
      }
    });
  }
}

/** Remembers the names in a shown value; a list's text joins them in the order of its ids. */
export function learnText(kind: Named, value: unknown, text: string): void {
  const ids = (Array.isArray(value) ? value : [value]).filter((id): id is string => typeof id === "string");
  const parts = ids.length === 1 ? [text] : text.split(/、|, /);
  if (parts.length === ids.length) {
    ids.forEach((id, index) => {
      const name = parts[index];
      if (name) {
        learn(kind, id, name);
      }
    });
  }
}

/** Remembers the names in shown values; `kindOf` tells of which kind a field's ids are. */
export function learnShown(values: readonly Shown[], kindOf: (value: Shown) => Named | undefined): void {
  for (const value of values) {
    const kind = kindOf(value);
    if (kind) {
      learnText(kind, value.value, value.text);
    }
  }
}

export function nameOf(kind: Named, id: string): string | undefined {
  return names[kind].get(id);
}

/** The known name of an id; renders again when it becomes known. */
export function useNames(): (kind: Named, id: string) => string | undefined {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return nameOf;
}
