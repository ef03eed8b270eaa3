import { Link } from "@tanstack/react-router";
import { Tooltip } from "antd";
import type { ColumnView, ItemRow, ModuleKind } from "../api/types";
import { Due } from "../ui/Due";
import { LightTag } from "../ui/LightTag";
import type { Column } from "./DataList";
import { FilterPanel } from "./FilterPanel";
import { isFilter, type ListSearch } from "./search";
import { isSortable } from "./sortable";

/** Widths by the kind of a column's values, in pixels. */
const WIDTHS: Record<string, number> = {
  light: 106,
  date: 114,
  state: 92,
  stage: 92,
  entry: 104,
  choice: 104,
  bool: 80,
  number: 96,
  unit: 124,
  person: 104,
  list: 106,
  text: 160,
  multiline: 220,
};

type Handlers = { onFilter: (name: string, values: string[]) => void; onOpen: (row: string) => void };

/** The columns of a module's list as the reader's address filters and sorts them. */
export function itemColumns(
  kind: ModuleKind,
  search: ListSearch,
  sort: string | undefined,
  today: string,
  handlers: Handlers,
): Column<ItemRow>[] {
  return kind.list.columns.map((column) => ({
    name: column.name,
    title: column.title,
    card: cardPlace(column),
    ...(column.name === "title" ? {} : { width: WIDTHS[column.kind] ?? 140 }),
    render: (row: ItemRow) => <ItemCell column={column} row={row} today={today} onOpen={handlers.onOpen} />,
    sortable: isSortable(kind, column),
    sort: sort === column.name ? "ascend" : sort === `-${column.name}` ? "descend" : null,
    ...(kind.list.filters.includes(column.name) && isFilter(column.name)
      ? { filter: columnFilter(column, search[column.name] ?? [], handlers) }
      : {}),
  }));
}

function columnFilter(column: ColumnView, value: string[], { onFilter }: Handlers) {
  return {
    active: value.length > 0,
    panel: (close: () => void) => (
      <FilterPanel
        // Opened again after the address changed, it starts from what the address says.
        key={value.join("\n")}
        column={column}
        value={value}
        onApply={(values) => {
          close();
          onFilter(column.name, values);
        }}
      />
    ),
  };
}

function cardPlace(column: ColumnView): Column<ItemRow>["card"] {
  if (column.name === "title") {
    return "title";
  }
  return column.kind === "light" || column.name === "light" ? "top" : "line";
}

function ItemCell({
  column,
  row,
  today,
  onOpen,
}: {
  column: ColumnView;
  row: ItemRow;
  today: string;
  onOpen: (row: string) => void;
}) {
  if (column.name === "light") {
    return <LightTag light={row.light} />;
  }
  if (column.name === "title") {
    return (
      <Tooltip title={row.title} trigger={["hover", "focus"]} mouseEnterDelay={0.6} placement="topLeft">
        <Link
          className="row-title"
          to="/items/$item"
          params={{ item: row.id }}
          onClick={() => onOpen(row.id)}
        >
          {row.title}
        </Link>
      </Tooltip>
    );
  }
  const cell = row.cells[column.name];
  if (!cell || cell.text === "") {
    return <span className="muted">—</span>;
  }
  if (column.name === "next_due" && row.state === "open" && typeof cell.value === "string") {
    return <Due due={cell.value} today={today} />;
  }
  if (column.kind === "date") {
    return <span className="nowrap">{cell.text}</span>;
  }
  return (
    <span className="cell-text" title={cell.text}>
      {cell.text}
    </span>
  );
}
