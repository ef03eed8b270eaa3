import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data, setCsrf } from "../client";
import { rememberSignedIn } from "../signedIn";
import type { SignInView } from "../types";
import { keys } from "./keys";

export const ACCOUNTS_PER_PAGE = 20;

/** What the server says of a step of signing in: the session is a new one from now on. */
async function entered(answer: Promise<SignInView>): Promise<SignInView> {
  const view = await answer;
  setCsrf(view.csrf);
  if (view.me) {
    rememberSignedIn(true);
  }
  return view;
}

export function signIn(code: string, password: string): Promise<SignInView> {
  return entered(data(api.POST("/session", { body: { code, password } })));
}

export function sendCode(code: string): Promise<SignInView> {
  return entered(data(api.POST("/session/code", { body: { code } })));
}

export function changePassword(old: string, next: string): Promise<SignInView> {
  return entered(data(api.POST("/session/password", { body: { old, new: next } })));
}

export function offerFactor() {
  return data(api.POST("/session/second-factor"));
}

export function confirmFactor(code: string): Promise<SignInView> {
  return entered(data(api.POST("/session/second-factor/confirm", { body: { code } })));
}

export function giveUpFactor(code: string) {
  return data(api.POST("/session/second-factor/remove", { body: { code } }));
}

export const ownSecurityQuery = queryOptions({
  queryKey: keys.ownSecurity,
  queryFn: ({ signal }) => data(api.GET("/me/security", { signal })),
});

export function endOwnSession(name: string) {
  return data(api.DELETE("/me/sessions/{name}", { params: { path: { name } } }));
}

export function accountsQuery(q: string, page: number) {
  const query = { q: q || undefined, page, per_page: ACCOUNTS_PER_PAGE };
  return queryOptions({
    queryKey: keys.accounts(q, page),
    queryFn: ({ signal }) => data(api.GET("/admin/accounts", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function setPassword(id: string, password: string) {
  return data(api.POST("/admin/accounts/{id}/password", { params: { path: { id } }, body: { password } }));
}

export function unlock(id: string) {
  return data(api.POST("/admin/accounts/{id}/unlock", { params: { path: { id } } }));
}

export function removeFactor(id: string) {
  return data(api.DELETE("/admin/accounts/{id}/second-factor", { params: { path: { id } } }));
}

export function sessionsQuery(page: number) {
  const query = { page, per_page: ACCOUNTS_PER_PAGE };
  return queryOptions({
    queryKey: keys.sessions(page),
    queryFn: ({ signal }) => data(api.GET("/admin/sessions", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function endSession(name: string) {
  return data(api.DELETE("/admin/sessions/{name}", { params: { path: { name } } }));
}
