import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { namedQuery } from "../api/queries/directory";
import { learn, useNames } from "./names";

/** The name of each id, asked for where no answer has shown it yet; the id itself until then. */
export function useNamed(kind: "unit" | "person", ids: readonly string[]): (id: string) => string {
  const nameOf = useNames();
  const missing = ids.filter((id) => /^\d+$/.test(id) && nameOf(kind, id) === undefined).sort();
  const { data } = useQuery({ ...namedQuery(kind, missing), enabled: missing.length > 0 });
  useEffect(() => {
    for (const { id, name } of data ?? []) {
      learn(kind, id, name);
    }
  }, [kind, data]);
  return (id) => nameOf(kind, id) ?? id;
}
