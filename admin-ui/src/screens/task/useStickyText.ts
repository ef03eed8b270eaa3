import { useState } from "react";

/** A text that survives reloading the page in this window; removed when it is emptied. */
export function useStickyText(place: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => {
    try {
      return sessionStorage.getItem(place) ?? "";
    } catch {
      return "";
    }
  });
  const change = (next: string) => {
    setText(next);
    try {
      if (next === "") {
        sessionStorage.removeItem(place);
      } else {
        sessionStorage.setItem(place, next);
      }
    } catch {
      // Without storage the page itself still holds it.
    }
  };
  return [text, change];
}
