/**
 * Whether somebody has signed in on this browser: the session's cookie is closed to scripts, and asking the server without one is
 * an error in the browser's log.
 */
const STORED = "docket.signed-in";

export function rememberSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) {
      localStorage.setItem(STORED, "yes");
    } else {
      localStorage.removeItem(STORED);
    }
  } catch {
    // Without storage the server is asked.
  }
}

/** Whether it is worth asking the server who is signed in. */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(STORED) !== null;
  } catch {
    return true;
  }
}
