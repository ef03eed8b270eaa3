import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useRouterState, useSearch } from "@tanstack/react-router";
import { Grid } from "antd";
import { useEffect } from "react";
import { itemsQuery } from "../../api/queries/items";
import { moduleQuery } from "../../api/queries/modules";
import type { ColumnView, ItemPage, ModuleKind, ModuleView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { AllFilters } from "../../lists/AllFilters";
import { Chips } from "../../lists/Chips";
import { itemColumns } from "../../lists/columns";
import { DataList } from "../../lists/DataList";
import { directoryOf } from "../../lists/FilterPanel";
import { LightToggles } from "../../lists/LightToggles";
import { SearchBox } from "../../lists/SearchBox";
import { DEFAULT_PAGE_SIZE, isNarrowed, itemsQueryOf, type ListSearch } from "../../lists/search";
import { remember, visitedIn } from "../../lists/visited";
import { ErrorPanel, NotFound } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { learnText } from "../../ui/names";
import { PageHeader } from "../../ui/PageHeader";
import { ListActions } from "./ListActions";
import { NoItems } from "./NoItems";

/** A module's list of one kind of item. */
export function ListScreen() {
  const { module: name, kind: kindName } = useParams({ from: "/shell/modules/$module/$kind" });
  const { data: module, error, refetch } = useQuery(moduleQuery(name));
  if (error && !module) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!module) {
    return <Loading />;
  }
  const kind = module.kinds.find((one) => one.name === kindName);
  return kind ? <KindList key={`${name}/${kindName}`} module={module} kind={kind} /> : <NotFound />;
}

function KindList({ module, kind }: { module: ModuleView; kind: ModuleKind }) {
  const search = useSearch({ from: "/shell/modules/$module/$kind" });
  const navigate = useNavigate();
  const wide = Grid.useBreakpoint().md ?? true;
  const filterColumns = useFilterColumns(kind);
  const sort = search.sort ?? initialSort(kind);
  const query = itemsQueryOf(module.name, kind.name, search);
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(itemsQuery(query));
  useLearnedNames(kind.list.columns, data);
  const address = useRouterState({ select: (state) => state.location.href });
  const visited = useVisited(address, data !== undefined);

  const change = (next: ListSearch, replace = false) =>
    void navigate({
      to: "/modules/$module/$kind",
      params: { module: module.name, kind: kind.name },
      search: next,
      replace,
      resetScroll: false,
    });
  const columns = itemColumns(kind, search, sort, data?.today ?? "", {
    onFilter: (filter, values) => change({ ...search, page: undefined, [filter]: values }),
    onOpen: (row) => remember(address, row),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <PageHeader
        title={kind.title}
        windowTitle={`${kind.title} · ${module.title}`}
        above={<span className="muted">{module.title}</span>}
      >
        <ListActions module={module.name} kind={kind} query={query} />
      </PageHeader>
      <div className="list-tools">
        <SearchBox
          value={search.q ?? ""}
          onSearch={(q) =>
            q !== (search.q ?? "") && change({ ...search, page: undefined, q: q || undefined }, true)
          }
        />
        <AllFilters
          wide={wide}
          columns={filterColumns}
          kind={kind}
          search={search}
          sort={sort}
          onChange={change}
        />
        {kind.list.filters.includes("light") && kind.lights.length > 0 ? (
          <LightToggles
            lights={kind.lights}
            value={search.light ?? []}
            onChange={(light) => change({ ...search, page: undefined, light })}
          />
        ) : null}
        <ListTotal total={data?.total} />
      </div>
      <Chips columns={filterColumns} search={search} onChange={change} />
      {isPending ? (
        <Loading rows={10} />
      ) : (
        <DataList
          label={kind.title}
          columns={columns}
          rows={data?.rows ?? []}
          rowKey={({ id }) => id}
          loading={isPlaceholderData}
          visited={visited}
          paging={{
            page: search.page ?? 1,
            size: search.per_page ?? DEFAULT_PAGE_SIZE,
            total: data?.total ?? 0,
            onChange: (page, size) => {
              const resized = size !== (search.per_page ?? DEFAULT_PAGE_SIZE);
              change({
                ...search,
                page: resized || page === 1 ? undefined : page,
                per_page: size === DEFAULT_PAGE_SIZE ? undefined : size,
              });
              window.scrollTo({ top: 0 });
            },
          }}
          onSort={(column, order) =>
            change({
              ...search,
              page: undefined,
              sort: order ? (order === "descend" ? `-${column}` : column) : undefined,
            })
          }
          empty={
            <NoItems
              narrowed={isNarrowed(search)}
              module={module.name}
              kind={kind}
              onClear={() => change({})}
            />
          }
        />
      )}
    </>
  );
}

function ListTotal({ total }: { total: number | undefined }) {
  const texts = useMessages();
  return (
    <span className="muted" role="status">
      {total === undefined ? "" : texts.app.total(total)}
    </span>
  );
}

function initialSort(kind: ModuleKind): string | undefined {
  const first = kind.list.sort[0];
  return first ? `${first.descending ? "-" : ""}${first.by}` : undefined;
}

/** The columns that a list may be filtered by: the shown ones, and the state where it is not among them. */
function useFilterColumns(kind: ModuleKind): ColumnView[] {
  const texts = useMessages();
  const { columns, filters } = kind.list;
  if (!filters.includes("state") || columns.some(({ name }) => name === "state")) {
    return columns;
  }
  const options = Object.entries(texts.item.states).map(([value, title]) => ({ value, title }));
  return [...columns, { name: "state", title: texts.item.state, kind: "state", options }];
}

/** Names of the ids in the shown rows, for chips and pickers. */
function useLearnedNames(columns: readonly ColumnView[], data: ItemPage | undefined): void {
  useEffect(() => {
    for (const column of columns) {
      const directory = directoryOf(column);
      for (const row of directory ? (data?.rows ?? []) : []) {
        const cell = row.cells[column.name];
        if (directory && cell) {
          learnText(directory, cell.value, cell.text);
        }
      }
    }
  }, [columns, data]);
}

/** The row that the reader opened from here before, brought into view when he comes back. */
function useVisited(address: string, shown: boolean): string | undefined {
  const visited = visitedIn(address);
  useEffect(() => {
    if (shown && visited) {
      document.querySelector(".row-visited")?.scrollIntoView({ block: "nearest" });
    }
  }, [shown, visited]);
  return visited;
}
