import { FilterFilled } from "@ant-design/icons";
import { Grid, Pagination, Table } from "antd";
import type { FilterDropdownProps, SortOrder } from "antd/es/table/interface";
import type { ReactNode } from "react";
import { useMessages } from "../i18n/language";
import { MAX_DEPTH, PAGE_SIZES } from "./search";

/** A column of a list: in the table on wide screens, a part of the card on phones. */
export type Column<Row> = {
  name: string;
  title: string;
  render: (row: Row) => ReactNode;
  width?: number;
  /** Where a card shows it: its heading, its top line, a labelled line, its button, or nowhere. */
  card: "title" | "top" | "line" | "action" | "none";
  fixed?: "left" | "right";
  sort?: SortOrder;
  sortable?: boolean;
  filter?: { active: boolean; panel: (close: () => void) => ReactNode };
};

export type Paging = {
  page: number;
  size: number;
  total: number;
  onChange: (page: number, size: number) => void;
};

type Props<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  loading: boolean;
  paging: Paging;
  empty: ReactNode;
  /** The row that the reader came back from. */
  visited?: string | undefined;
  onSort?: (column: string, order: SortOrder | undefined) => void;
};

/** A page of rows: a table, or cards where a table does not fit. */
export function DataList<Row extends object>(props: Props<Row>) {
  const wide = Grid.useBreakpoint().md ?? true;
  if (props.rows.length === 0 && !props.loading) {
    return <div className="panel">{props.empty}</div>;
  }
  return wide ? <Rows {...props} /> : <Cards {...props} />;
}

function usePagination({ page, size, total, onChange }: Paging) {
  const texts = useMessages();
  return {
    current: page,
    pageSize: size,
    // Numbers beyond the deepest page would lead nowhere.
    total: Math.min(total, MAX_DEPTH),
    onChange,
    pageSizeOptions: PAGE_SIZES.map(String),
    // One page needs no numbers: how many there are stands above.
    hideOnSinglePage: total <= (PAGE_SIZES[0] ?? 0),
    showSizeChanger: total > (PAGE_SIZES[0] ?? 0),
    showTotal: (_: number, [from, to]: [number, number]) => texts.list.range(from, to, total),
  };
}

function Rows<Row extends object>({
  label,
  columns,
  rows,
  rowKey,
  loading,
  paging,
  visited,
  onSort,
}: Props<Row>) {
  const texts = useMessages();
  const pagination = usePagination(paging);
  const width = columns.reduce((sum, column) => sum + (column.width ?? 200), 0);
  return (
    <div className="list-table">
      <Table<Row>
        aria-label={label}
        size="middle"
        dataSource={[...rows]}
        rowKey={rowKey}
        loading={loading ? { delay: 300 } : false}
        rowClassName={(row) => (rowKey(row) === visited ? "row-visited" : "")}
        scroll={{ x: width }}
        pagination={pagination}
        onChange={(_pagination, _filters, sorter, { action }) => {
          if (action === "sort" && !Array.isArray(sorter)) {
            onSort?.(String(sorter.columnKey), sorter.order ?? undefined);
          }
        }}
        columns={columns.map(({ name, title, render, width, fixed, sort, sortable, filter }) => ({
          key: name,
          title,
          width,
          fixed,
          render: (_: unknown, row: Row) => render(row),
          ...(sortable ? { sorter: true, sortOrder: sort ?? null, showSorterTooltip: false } : {}),
          ...(filter
            ? {
                filtered: filter.active,
                filterIcon: <FilterFilled aria-label={texts.list.filterBy(title)} />,
                filterDropdown: ({ close }: FilterDropdownProps) => filter.panel(close),
              }
            : {}),
        }))}
      />
    </div>
  );
}

function Cards<Row extends object>({ label, columns, rows, rowKey, loading, paging, visited }: Props<Row>) {
  const { showTotal: _, ...pagination } = usePagination(paging);
  const at = (place: Column<Row>["card"]) => columns.filter(({ card }) => card === place);
  return (
    <>
      <ul className="cards" aria-label={label} aria-busy={loading}>
        {rows.map((row) => (
          <li key={rowKey(row)} className={rowKey(row) === visited ? "card row-visited" : "card"}>
            <div className="card-top">
              {at("top").map((column) => (
                <span key={column.name}>{column.render(row)}</span>
              ))}
            </div>
            {at("title").map((column) => (
              <div key={column.name} className="card-title">
                {column.render(row)}
              </div>
            ))}
            <dl className="card-lines">
              {at("line").map((column) => (
                <div key={column.name} className="card-line">
                  <dt>{column.title}</dt>
                  <dd>{column.render(row)}</dd>
                </div>
              ))}
            </dl>
            {at("action").map((column) => (
              <div key={column.name} className="card-action">
                {column.render(row)}
              </div>
            ))}
          </li>
        ))}
      </ul>
      <Pagination {...pagination} className="list-foot" simple showSizeChanger={false} />
    </>
  );
}
