import { useSyncExternalStore } from "react";
import { en } from "./en";
import { type Messages, zh } from "./zh";

export type Language = "zh" | "en";

const STORED = "docket.language";
const catalogues: Record<Language, Messages> = { zh, en };
const listeners = new Set<() => void>();
let current: Language = stored();

function stored(): Language {
  try {
    return localStorage.getItem(STORED) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

/** The language that texts are shown in now. */
export function language(): Language {
  return current;
}

/** The texts of the language that is shown now. */
export function messages(): Messages {
  return catalogues[current];
}

export function setLanguage(next: Language): void {
  current = next;
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // A browser that forbids storage forgets the choice; nothing else breaks.
  }
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

/** The texts to show; the component renders again when the language changes. */
export function useMessages(): Messages {
  return catalogues[useLanguage()];
}
