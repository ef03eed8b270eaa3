import { useCallback, useId, useMemo, useRef, useState } from "react";
import { ApiError } from "../api/errors";
import type { FormData, FormView } from "../api/types";
import { type FormProblem, fieldOf, problemsOf, sendable } from "./validator";

/** A problem that the server named, with the value that it was about: it is over when that value changes. */
type ServerProblem = FormProblem & { about: unknown };

/** The parts of a request's body that hold a form's values. */
const HOLDERS = /^\/(form|fields)(?=\/|$)/;

/** What a failed request says about the fields of a form; empty where it says nothing about them. */
export function fieldProblems(error: unknown): FormProblem[] {
  if (!(error instanceof ApiError)) {
    return [];
  }
  return error.problems.map(({ pointer, message }) => ({
    field: HOLDERS.test(pointer) ? fieldOf(pointer.replace(HOLDERS, "")) : "",
    message,
  }));
}

export type FormState = {
  form: FormView;
  /** Beginning of the ids of the form's inputs. */
  prefix: string;
  data: FormData;
  setData: (data: FormData) => void;
  /** The values to send. */
  values: FormData;
  /** Problems to show now: of fields that were left, or of all after a try to submit. */
  problems: FormProblem[];
  /** Problems to sum up above the form after a try to submit. */
  summary: FormProblem[];
  leave: (field: string) => void;
  /** Whether the form may be sent; if not, every problem is shown from now on. */
  check: () => boolean;
  /** Shows what the server says is wrong. */
  refuse: (problems: FormProblem[]) => void;
  focus: (field: string) => void;
};

/** The state of one form that is being filled in. Fetching its source again never changes what was typed. */
export function useFormState(form: FormView, initial: FormData): FormState {
  const prefix = `form${useId()}`;
  const [data, setData] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<ServerProblem[]>([]);
  const latest = useRef(data);
  latest.current = data;

  const found = useMemo(() => problemsOf(form, data), [form, data]);
  const all = useMemo(() => {
    const standing = refused.filter(({ field, about }) => field === "" || data[field] === about);
    return [...found, ...standing.filter(({ field }) => !found.some((one) => one.field === field))];
  }, [found, refused, data]);

  return {
    form,
    prefix,
    data,
    setData,
    values: useMemo(() => sendable(form, data), [form, data]),
    problems: tried ? all : all.filter(({ field }) => left.has(field)),
    summary: tried ? all : [],
    leave: useCallback((field: string) => setLeft((before) => new Set(before).add(field)), []),
    check: () => {
      setTried(true);
      setRefused([]);
      return problemsOf(form, latest.current).length === 0;
    },
    refuse: (problems) => {
      setTried(true);
      setRefused(problems.map((problem) => ({ ...problem, about: latest.current[problem.field] })));
    },
    focus: (field) => {
      const element = document.getElementById(`${prefix}_${field}`);
      const input = element?.matches("input, textarea, button")
        ? element
        : element?.querySelector<HTMLElement>("input, textarea");
      (input ?? element)?.focus();
      element?.scrollIntoView({ block: "center" });
    },
  };
}
