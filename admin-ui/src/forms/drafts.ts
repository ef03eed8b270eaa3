import type { FormData } from "../api/types";

/**
 * What could not be saved on the server, kept on this computer until it is: by person and task, so that nobody else who uses the
 * computer is shown it.
 */
type Kept = { data: FormData; at: number };

const place = (person: string, task: string) => `docket.draft.${person}.${task}`;

export function keep(person: string, task: string, data: FormData): void {
  try {
    const kept: Kept = { data, at: Date.now() };
    localStorage.setItem(place(person, task), JSON.stringify(kept));
  } catch {
    // Without storage the page itself still holds what was typed.
  }
}

export function kept(person: string, task: string): FormData | undefined {
  try {
    const text = localStorage.getItem(place(person, task));
    const found: unknown = text === null ? undefined : JSON.parse(text);
    const data = (found as Kept | undefined)?.data;
    return typeof data === "object" && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

export function forget(person: string, task: string): void {
  try {
    localStorage.removeItem(place(person, task));
  } catch {
    // Nothing was kept.
  }
}
