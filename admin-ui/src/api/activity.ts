/**
 * Whether a person did something since a request last told the server so. An open page goes on asking what is new; only what
 * a person does keeps the session from going idle.
 */
let acted = true;

const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

const act = () => {
  acted = true;
};

/** Watches for signs of a person from now on; opening the page was one. */
export function watchActivity(): () => void {
  for (const sign of SIGNS) {
    window.addEventListener(sign, act, { capture: true, passive: true });
  }
  return () => {
    for (const sign of SIGNS) {
      window.removeEventListener(sign, act, { capture: true });
    }
  };
}

/** The header of a request that the page sends by itself. */
export const BACKGROUND = { "X-Background": "true" } as const;

/** The headers that say whether the next request is a person's or the page's own. */
export function activityHeaders(): Record<string, string> {
  const own = !acted;
  acted = false;
  return own ? BACKGROUND : {};
}
