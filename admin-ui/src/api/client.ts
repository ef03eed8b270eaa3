import createClient, { type Middleware } from "openapi-fetch";
import { language } from "../i18n/language";
import { activityHeaders } from "./activity";
import { errorOf, NetworkError } from "./errors";
import type { paths } from "./schema";

let csrf = "";

/** The token that `Me` carries, to be sent with everything that changes something. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** The headers of a request that this module does not send itself. */
export function headers(method: "GET" | "POST" | "PUT"): Record<string, string> {
  const common = { "Accept-Language": language() };
  return method === "GET" ? common : { ...common, "X-CSRF-Token": csrf };
}

/** What an answer may say about the session, whatever was asked. */
type Watcher = { signedOut: () => void; staleToken: () => void };

let watcher: Watcher | undefined;

/** Who is told when the session has ended, or its token is no longer the one that this page knows. */
export function watch(next: Watcher): void {
  watcher = next;
}

async function notice(response: Response): Promise<void> {
  if (response.status !== 401 && response.status !== 403) {
    return;
  }
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const code = (problem as { code?: unknown } | undefined)?.code;
  if (code === "not-signed-in") {
    watcher?.signedOut();
  } else if (code === "csrf") {
    watcher?.staleToken();
  }
}

const common: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language());
    for (const [name, value] of Object.entries(activityHeaders())) {
      request.headers.set(name, value);
    }
    if (request.method !== "GET" && csrf) {
      request.headers.set("X-CSRF-Token", csrf);
    }
    return request;
  },
  async onResponse({ response }) {
    await notice(response);
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? error : new NetworkError();
  },
};

export const api = createClient<paths>({
  baseUrl: "/api",
  querySerializer: { array: { style: "form", explode: true } },
});
api.use(common);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The data of an answer; throws what the server says is wrong. */
export async function data<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) {
    throw errorOf(error, response);
  }
  return data as T;
}
