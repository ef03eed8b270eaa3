import { FilterOutlined } from "@ant-design/icons";
import { Badge, Button, Drawer, Select } from "antd";
import { useState } from "react";
import type { ColumnView, ModuleKind } from "../api/types";
import { useMessages } from "../i18n/language";
import { FilterInput } from "./FilterPanel";
import { FILTERS, isFilter, type ListSearch } from "./search";
import { isSortable } from "./sortable";

/**
 * All filters in a drawer: the way of the keyboard, of filters whose columns are not shown, and of phones, where it also has the sort
 * order that a table has in its head.
 */
export function AllFilters({
  wide,
  kind,
  columns,
  search,
  sort,
  onChange,
}: {
  wide: boolean;
  kind: ModuleKind;
  columns: readonly ColumnView[];
  search: ListSearch;
  sort: string | undefined;
  onChange: (search: ListSearch) => void;
}) {
  const texts = useMessages();
  const [draft, setDraft] = useState<ListSearch>();
  const active = FILTERS.filter((name) => search[name]?.length).length;
  return (
    <>
      <Badge count={active} size="small">
        <Button icon={<FilterOutlined aria-hidden />} onClick={() => setDraft(search)}>
          {texts.list.filter}
        </Button>
      </Badge>
      <Drawer
        open={draft !== undefined}
        onClose={() => setDraft(undefined)}
        title={texts.list.filters}
        placement="right"
        size="min(360px, 92vw)"
        footer={
          <div className="filter-buttons">
            <Button onClick={() => setDraft({ q: search.q, per_page: search.per_page })}>
              {texts.list.reset}
            </Button>
            <Button
              type="primary"
              onClick={() => {
                onChange({ ...draft, page: undefined });
                setDraft(undefined);
              }}
            >
              {texts.list.apply}
            </Button>
          </div>
        }
      >
        {wide ? null : (
          <div className="filter-section">
            <strong>{texts.list.sortBy}</strong>
            <Select
              aria-label={texts.list.sortBy}
              value={draft?.sort ?? sort}
              onChange={(next) => setDraft({ ...draft, sort: next })}
              options={columns
                .filter((column) => isSortable(kind, column))
                .flatMap(({ name, title }) => [
                  { value: name, label: `${title} ${texts.list.ascending}` },
                  { value: `-${name}`, label: `${title} ${texts.list.descending}` },
                ])}
            />
          </div>
        )}
        {columns
          .filter(({ name }) => kind.list.filters.includes(name))
          .map((column) =>
            isFilter(column.name) ? (
              <div key={column.name} className="filter-section">
                <strong>{column.title}</strong>
                <FilterInput
                  column={column}
                  value={draft?.[column.name] ?? []}
                  onChange={(value) => setDraft({ ...draft, [column.name]: value })}
                />
              </div>
            ) : null,
          )}
      </Drawer>
    </>
  );
}
