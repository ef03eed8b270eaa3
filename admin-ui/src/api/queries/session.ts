import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, data, setCsrf } from "../client";
import { rememberSignedIn } from "../signedIn";
import type { Me } from "../types";
import { keys } from "./keys";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await data(api.GET("/me", { signal }));
    setCsrf(me.csrf);
    return me;
  },
  staleTime: 60_000,
});

/** Who is signed in; screens below the shell are only shown once this is known. */
export function useMe(): Me {
  const { data: me } = useQuery(meQuery);
  if (!me) {
    throw new Error("a screen of the shell was shown before it was known who is signed in");
  }
  return me;
}

export async function signOut(): Promise<void> {
  await data(api.DELETE("/session"));
  setCsrf("");
  rememberSignedIn(false);
}

export async function moveClock(to: { to: string } | { days: number }) {
  return data(api.POST("/demo/clock", { body: to }));
}
