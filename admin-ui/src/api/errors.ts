import { messages } from "../i18n/language";
import type { FieldProblem, Problem, Ref } from "./types";

/** An answer that says what is wrong (RFC 9457), as an error to throw. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** A short title in the reader's language. */
  readonly title: string;
  /** Faults of what was sent, one for each place. */
  readonly problems: FieldProblem[];
  /** Who did it before (409). */
  readonly by: Ref | undefined;
  /** When it was done (409), or until when an account is locked (429). */
  readonly at: string | undefined;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.problems = problem.problems ?? [];
    this.by = problem.by;
    this.at = problem.at;
  }
}

/** No answer came: the network or the server is away. */
export class NetworkError extends Error {
  constructor() {
    super(messages().error.network);
    this.name = "NetworkError";
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "status" in body;
}

/** The error for a failed answer, also where something between browser and server answered in its place. */
export function errorOf(body: unknown, response: Response): ApiError {
  if (isProblem(body)) {
    return new ApiError(body);
  }
  return new ApiError({
    type: "about:blank",
    title: messages().error.title,
    status: response.status,
    code: `http-${response.status}`,
    detail: response.status >= 500 ? messages().error.network : messages().error.unexpected,
  });
}

/** What an error says to the reader. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === "not-signed-in";
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
