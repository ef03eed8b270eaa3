import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import type { Choice, ColumnView } from "../api/types";
import { useMessages } from "../i18n/language";
import { DirectoryPicker } from "../ui/DirectoryPicker";

/** The value by which the API means rows that have none. */
export const NONE = "none";

/** From this many options on, a search field stands above them. */
const MANY = 12;

/** Of which directory a column's values are, where they are ids. */
export function directoryOf(
  column: Pick<ColumnView, "name" | "kind" | "options">,
): "unit" | "person" | undefined {
  if (column.kind === "unit" || column.kind === "person") {
    return column.kind;
  }
  if (column.kind === "list" && !column.options) {
    // A list's kind does not tell its elements'; the API's filters of ids are these two.
    return { lead_unit: "unit" as const, co_units: "unit" as const, leader: "person" as const }[column.name];
  }
  return undefined;
}

/** Chooses the values of one filter. */
export function FilterInput({
  column,
  value,
  onChange,
}: {
  column: ColumnView;
  value: string[];
  onChange: (value: string[]) => void;
}) {
  const texts = useMessages();
  const directory = directoryOf(column);
  if (directory) {
    const none = value.includes(NONE);
    const chosen = value.filter((one) => one !== NONE);
    return (
      <>
        <DirectoryPicker
          kind={directory}
          label={column.title}
          multiple
          value={chosen}
          onChange={(next) => onChange(none ? [...next, NONE] : next)}
        />
        <Checkbox
          checked={none}
          onChange={(event) => onChange(event.target.checked ? [...chosen, NONE] : chosen)}
        >
          {texts.list.none}
        </Checkbox>
      </>
    );
  }
  return <Options title={column.title} options={column.options ?? []} value={value} onChange={onChange} />;
}

function Options({
  title,
  options,
  value,
  onChange,
}: {
  title: string;
  options: Choice[];
  value: string[];
  onChange: (value: string[]) => void;
}) {
  const texts = useMessages();
  const [typed, setTyped] = useState("");
  const shown = options.filter((option) => option.title.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <>
      {options.length > MANY ? (
        <Input
          allowClear
          value={typed}
          placeholder={texts.list.filter}
          aria-label={`${texts.list.filter} ${title}`}
          onChange={(event) => setTyped(event.target.value)}
        />
      ) : null}
      <fieldset className="options" aria-label={title}>
        {shown.map((option) => (
          <Checkbox
            key={option.value}
            checked={value.includes(option.value)}
            onChange={(event) =>
              onChange(
                event.target.checked ? [...value, option.value] : value.filter((one) => one !== option.value),
              )
            }
          >
            {option.title}
          </Checkbox>
        ))}
      </fieldset>
    </>
  );
}

/** The panel behind a column's filter sign. */
export function FilterPanel({
  column,
  value,
  onApply,
}: {
  column: ColumnView;
  value: string[];
  onApply: (value: string[]) => void;
}) {
  const texts = useMessages();
  const [draft, setDraft] = useState(value);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps keys typed in the panel from the table's own handling
    <div className="filter-panel" onKeyDown={(event) => event.stopPropagation()}>
      <FilterInput column={column} value={draft} onChange={setDraft} />
      <div className="filter-buttons">
        <Button size="small" disabled={draft.length === 0} onClick={() => setDraft([])}>
          {texts.list.reset}
        </Button>
        <Button size="small" type="primary" onClick={() => onApply(draft)}>
          {texts.list.apply}
        </Button>
      </div>
    </div>
  );
}
