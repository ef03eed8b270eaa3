import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isSignedOut } from "./api/errors";
import type { LogFilter } from "./api/queries/log";
import { meQuery } from "./api/queries/session";
import { mayBeSignedIn } from "./api/signedIn";
import { parseQuery, readListSearch, writeQuery } from "./lists/search";
import { Shell } from "./screens/shell/Shell";
import { ErrorPanel, NotFound } from "./ui/ErrorPanel";
import { Loading } from "./ui/Loading";

type Context = { client: QueryClient };

function one(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === "" ? undefined : String(first);
}

function readPage(raw: Record<string, unknown>): { page?: number } {
  const page = Number(one(raw.page));
  return Number.isInteger(page) && page > 1 ? { page } : {};
}

function readLogSearch(raw: Record<string, unknown>): LogFilter & { page?: number } {
  const result = one(raw.result);
  const texts = { person: one(raw.person), act: one(raw.act), from: one(raw.from), to: one(raw.to) };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    ...(result === "done" || result === "refused" ? { result } : {}),
    ...readPage(raw),
  };
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: () => <NotFound />,
});

const signin = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (raw: Record<string, unknown>): { next?: string } => {
    const next = one(raw.next);
    // Only places of this site: never an address of another one.
    return next && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import("./screens/signin/SigninScreen"), "SigninScreen"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const toSignIn = () =>
      redirect({ to: "/signin", search: location.href === "/" ? {} : { next: location.href } });
    if (!mayBeSignedIn()) {
      throw toSignIn();
    }
    try {
      await context.client.ensureQueryData(meQuery);
    } catch (error) {
      throw isSignedOut(error) ? toSignIn() : error;
    }
  },
  component: Shell,
  errorComponent: ({ error, reset }) => <ErrorPanel error={error} onRetry={reset} />,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/todo", replace: true });
  },
});

const todo = createRoute({
  getParentRoute: () => shell,
  path: "/todo",
  validateSearch: readPage,
  component: lazyRouteComponent(() => import("./screens/todo/TodoScreen"), "TodoScreen"),
});

const done = createRoute({
  getParentRoute: () => shell,
  path: "/done",
  validateSearch: readPage,
  component: lazyRouteComponent(() => import("./screens/todo/DoneScreen"), "DoneScreen"),
});

const notices = createRoute({
  getParentRoute: () => shell,
  path: "/notices",
  validateSearch: readPage,
  component: lazyRouteComponent(() => import("./screens/notices/NoticesScreen"), "NoticesScreen"),
});

const incidents = createRoute({
  getParentRoute: () => shell,
  path: "/incidents",
  validateSearch: readPage,
  component: lazyRouteComponent(() => import("./screens/incidents/IncidentsScreen"), "IncidentsScreen"),
});

const access = createRoute({
  getParentRoute: () => shell,
  path: "/access",
  validateSearch: (raw: Record<string, unknown>): { tab?: string } => {
    const tab = one(raw.tab);
    return tab ? { tab } : {};
  },
  component: lazyRouteComponent(() => import("./screens/access/AccessScreen"), "AccessScreen"),
});

const security = createRoute({
  getParentRoute: () => shell,
  path: "/security",
  component: lazyRouteComponent(() => import("./screens/security/SecurityScreen"), "SecurityScreen"),
});

const accounts = createRoute({
  getParentRoute: () => shell,
  path: "/admin/accounts",
  validateSearch: (raw: Record<string, unknown>): { q?: string; page?: number } => {
    const q = one(raw.q);
    return { ...(q ? { q } : {}), ...readPage(raw) };
  },
  component: lazyRouteComponent(() => import("./screens/admin/AccountsScreen"), "AccountsScreen"),
});

const sessions = createRoute({
  getParentRoute: () => shell,
  path: "/admin/sessions",
  validateSearch: readPage,
  component: lazyRouteComponent(() => import("./screens/admin/SessionsScreen"), "SessionsScreen"),
});

const log = createRoute({
  getParentRoute: () => shell,
  path: "/admin/log",
  validateSearch: readLogSearch,
  component: lazyRouteComponent(() => import("./screens/admin/LogScreen"), "LogScreen"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./screens/settings/SettingsScreen"), "SettingsScreen"),
});

const organisation = createRoute({
  getParentRoute: () => shell,
  path: "/organisation",
  validateSearch: (raw: Record<string, unknown>): { tab?: string } => {
    const tab = one(raw.tab);
    return tab ? { tab } : {};
  },
  component: lazyRouteComponent(
    () => import("./screens/organisation/OrganisationScreen"),
    "OrganisationScreen",
  ),
});

const task = createRoute({
  getParentRoute: () => shell,
  path: "/tasks/$task",
  component: lazyRouteComponent(() => import("./screens/task/TaskScreen"), "TaskScreen"),
});

const list = createRoute({
  getParentRoute: () => shell,
  path: "/modules/$module/$kind",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("./screens/list/ListScreen"), "ListScreen"),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: "/modules/$module/$kind/import",
  component: lazyRouteComponent(() => import("./screens/import/ImportScreen"), "ImportScreen"),
});

const imported = createRoute({
  getParentRoute: () => shell,
  path: "/imports/$id",
  component: lazyRouteComponent(() => import("./screens/import/PreviewScreen"), "PreviewScreen"),
});

const item = createRoute({
  getParentRoute: () => shell,
  path: "/items/$item",
  validateSearch: (raw: Record<string, unknown>): { tab?: string } => {
    const tab = one(raw.tab);
    return tab ? { tab } : {};
  },
  component: lazyRouteComponent(() => import("./screens/item/ItemScreen"), "ItemScreen"),
});

const cockpit = createRoute({
  getParentRoute: () => shell,
  path: "/cockpits/$module",
  validateSearch: (raw: Record<string, unknown>): { unit?: string[] } => {
    const units = (Array.isArray(raw.unit) ? raw.unit : [raw.unit]).filter(
      (unit): unit is string => typeof unit === "string" && unit !== "",
    );
    return units.length > 0 ? { unit: units } : {};
  },
  component: lazyRouteComponent(() => import("./screens/cockpit/CockpitScreen"), "CockpitScreen"),
});

const tree = root.addChildren([
  signin,
  shell.addChildren([
    home,
    todo,
    done,
    notices,
    incidents,
    access,
    security,
    accounts,
    sessions,
    log,
    settings,
    organisation,
    task,
    list,
    importing,
    imported,
    item,
    cockpit,
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch: parseQuery,
    stringifySearch: writeQuery,
    scrollRestoration: true,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultPendingMs: 300,
    defaultNotFoundComponent: () => <NotFound />,
    defaultErrorComponent: ({ error, reset }) => <ErrorPanel error={error} onRetry={reset} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
