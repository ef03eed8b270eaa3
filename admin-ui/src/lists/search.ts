import type { ItemsQuery } from "../api/queries/items";

/** The filters of a list that take several values, as the API names them. */
export const FILTERS = ["light", "state", "category", "lead_unit", "leader", "cycle", "source"] as const;
export type FilterName = (typeof FILTERS)[number];

/** Page sizes that a reader may choose. */
export const PAGE_SIZES = [20, 50, 100] as const;
export const DEFAULT_PAGE_SIZE = 20;
/** The deepest row that the server pages to. */
export const MAX_DEPTH = 10_000;

/** What a list's address says: filters, search, sort and page. Defaults are left out. */
export type ListSearch = Partial<Record<FilterName, string[]>> & {
  q?: string;
  unit?: string;
  parent?: string;
  sort?: string;
  page?: number;
  per_page?: number;
};

export function isFilter(name: string): name is FilterName {
  return (FILTERS as readonly string[]).includes(name);
}

function texts(value: unknown): string[] {
  const all = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return [...new Set(all.map(String).filter((text) => text !== ""))];
}

function text(value: unknown): string | undefined {
  return texts(value)[0];
}

function whole(value: unknown, from: number, to: number): number | undefined {
  const number = Number(text(value));
  return Number.isInteger(number) && number >= from && number <= to ? number : undefined;
}

/** Reads a list's address; what makes no sense is left out instead of failing. */
export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const search: ListSearch = {};
  for (const name of FILTERS) {
    const values = texts(raw[name]);
    if (values.length > 0) {
      search[name] = values;
    }
  }
  for (const name of ["q", "unit", "parent", "sort"] as const) {
    const value = text(raw[name]);
    if (value !== undefined) {
      search[name] = value;
    }
  }
  const size = whole(raw.per_page, 1, 100);
  if (size !== undefined && size !== DEFAULT_PAGE_SIZE) {
    search.per_page = size;
  }
  const page = whole(raw.page, 1, Math.floor(MAX_DEPTH / (size ?? DEFAULT_PAGE_SIZE)));
  if (page !== undefined && page > 1) {
    search.page = page;
  }
  return search;
}

/** The request that shows what the address says. */
export function itemsQueryOf(module: string, kind: string, search: ListSearch): ItemsQuery {
  const { page = 1, per_page = DEFAULT_PAGE_SIZE, ...narrowed } = search;
  return { module, kind, ...narrowed, page, per_page };
}

/** Whether anything narrows the list. */
export function isNarrowed(search: ListSearch): boolean {
  return search.q !== undefined || search.unit !== undefined || FILTERS.some((name) => search[name]?.length);
}

/** An address's query as values: a name that stands several times becomes a list. */
export function parseQuery(query: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values[name];
    values[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return values;
}

/** The query of an address: lists repeat their name, absent values are left out. */
export function writeQuery(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of texts(value)) {
      query.append(name, one);
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
