/** The keys of all queries, so that what became stale can be named. */
export const keys = {
  me: ["me"] as const,
  acting: ["acting"] as const,
  org: (what?: string, query?: unknown) =>
    what === undefined ? (["org"] as const) : (["org", what, query] as const),
  inMyName: (page: number) => ["acting", "deeds", page] as const,
  standIns: (whose?: string, page?: number) =>
    whose === undefined ? (["stand-ins"] as const) : (["stand-ins", whose, page] as const),
  todo: (page?: number) => (page === undefined ? (["todo"] as const) : (["todo", page] as const)),
  done: (page?: number) => (page === undefined ? (["done"] as const) : (["done", page] as const)),
  task: (id: string) => ["task", id] as const,
  module: (name: string) => ["module", name] as const,
  items: (query?: unknown) => (query === undefined ? (["items"] as const) : (["items", query] as const)),
  item: (id: string) => ["item", id] as const,
  history: (id: string) => ["history", id] as const,
  importing: (id: string) => ["import", id] as const,
  cockpit: (module?: string, units?: readonly string[]) =>
    module === undefined ? (["cockpit"] as const) : (["cockpit", module, units ?? []] as const),
  notices: (page?: number) => (page === undefined ? (["notices"] as const) : (["notices", page] as const)),
  incidents: (page?: number) =>
    page === undefined ? (["incidents"] as const) : (["incidents", page] as const),
  ownSecurity: ["own-security"] as const,
  accounts: (q?: string, page?: number) =>
    q === undefined ? (["accounts"] as const) : (["accounts", q, page] as const),
  sessions: (page?: number) => (page === undefined ? (["sessions"] as const) : (["sessions", page] as const)),
  log: (query: unknown) => ["log", query] as const,
  chain: ["chain"] as const,
  units: (q: string) => ["units", q] as const,
  named: (kind: string, ids: readonly string[]) => ["named", kind, ids] as const,
  people: (q: string) => ["people", q] as const,
  policies: (part: string, id?: number) => ["policies", part, id ?? 0] as const,
  explanation: (item: string, person: string, action: string) =>
    ["policies", "explain", item, person, action] as const,
};
