import { Button, Tag } from "antd";
import type { ColumnView } from "../api/types";
import { useMessages } from "../i18n/language";
import { useNamed } from "../ui/useNamed";
import { directoryOf, NONE } from "./FilterPanel";
import { isFilter, isNarrowed, type ListSearch } from "./search";

/** What narrows the list, each to be taken off by itself. */
export function Chips({
  columns,
  search,
  onChange,
}: {
  columns: readonly ColumnView[];
  search: ListSearch;
  onChange: (search: ListSearch) => void;
}) {
  const texts = useMessages();
  const ids = (kind: "unit" | "person") =>
    columns.flatMap((column) =>
      isFilter(column.name) && directoryOf(column) === kind ? (search[column.name] ?? []) : [],
    );
  const names = {
    unit: useNamed("unit", [...ids("unit"), ...(search.unit ? [search.unit] : [])]),
    person: useNamed("person", ids("person")),
  };
  if (!isNarrowed(search)) {
    return null;
  }
  const titleOf = (column: ColumnView, value: string): string => {
    if (value === NONE) {
      return texts.list.none;
    }
    const directory = directoryOf(column);
    return directory
      ? names[directory](value)
      : (column.options?.find((option) => option.value === value)?.title ?? value);
  };
  const chips = columns.flatMap((column) =>
    isFilter(column.name)
      ? (search[column.name] ?? []).map((value) => ({
          key: `${column.name}=${value}`,
          text: `${column.title}${texts.colon}${titleOf(column, value)}`,
          without: {
            ...search,
            [column.name]: search[column.name as "light"]?.filter((one) => one !== value),
          },
        }))
      : [],
  );
  if (search.q) {
    chips.push({
      key: "q",
      text: `${texts.list.search}${texts.colon}${search.q}`,
      without: { ...search, q: undefined },
    });
  }
  if (search.unit) {
    const name = names.unit(search.unit);
    chips.push({ key: "unit", text: texts.list.unitFilter(name), without: { ...search, unit: undefined } });
  }
  return (
    <section className="chips" aria-label={texts.list.filters}>
      {chips.map(({ key, text, without }) => (
        <Tag
          key={key}
          color="blue"
          closable={{ "aria-label": texts.list.clearOne(text) }}
          onClose={(event) => {
            event.preventDefault();
            onChange(without);
          }}
        >
          <span className="chip-text" title={text}>
            {text}
          </span>
        </Tag>
      ))}
      <Button
        type="link"
        size="small"
        onClick={() => onChange({ sort: search.sort, per_page: search.per_page })}
      >
        {texts.list.clear}
      </Button>
    </section>
  );
}
