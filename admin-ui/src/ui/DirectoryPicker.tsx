import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useEffect, useMemo, useState } from "react";
import { peopleQuery, unitsQuery } from "../api/queries/directory";
import { useMessages } from "../i18n/language";
import { learn } from "./names";
import { useNamed } from "./useNamed";

type Found = { id: string; name: string; note: string };

function useFound(
  kind: "unit" | "person",
  q: string,
  enabled: boolean,
): { found: Found[]; searching: boolean } {
  const units = useQuery({ ...unitsQuery(q), enabled: enabled && kind === "unit" });
  const people = useQuery({ ...peopleQuery(q), enabled: enabled && kind === "person" });
  const found = useMemo(
    () =>
      kind === "unit"
        ? (units.data ?? []).map(({ id, name, path }) => ({ id, name, note: path === name ? "" : path }))
        : (people.data ?? []).map(({ id, name, title, unit }) => ({
            id,
            name,
            note: [unit, title].filter(Boolean).join(" "),
          })),
    [kind, units.data, people.data],
  );
  useEffect(() => {
    for (const { id, name } of found) {
      learn(kind, id, name);
    }
  }, [kind, found]);
  return { found, searching: kind === "unit" ? units.isFetching : people.isFetching };
}

/** Waits until typing pauses, so that not every letter becomes a request. */
function useSettled(value: string, delayMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}

type Common = {
  id?: string;
  label: string;
  placeholder?: string;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  onBlur?: () => void;
};
type One = Common & {
  multiple?: false;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};
type Many = Common & { multiple: true; value: readonly string[]; onChange: (value: string[]) => void };

/** Picks units or people by name, pinyin or initials; the server searches. */
export function DirectoryPicker({ kind, ...props }: { kind: "unit" | "person" } & (One | Many)) {
  const texts = useMessages();
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState(false);
  const q = useSettled(typed.trim(), 200);
  const { found, searching } = useFound(kind, q, opened);
  const chosen = props.multiple ? props.value : props.value ? [props.value] : [];
  const nameOf = useNamed(kind, chosen);
  const listed = found.map(({ id, name, note }) => ({ value: id, label: name, note }));
  const missing = chosen.filter((id) => !found.some((one) => one.id === id));
  const options = [...listed, ...missing.map((id) => ({ value: id, label: nameOf(id), note: "" }))];
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      status={props.invalid ? "error" : undefined}
      mode={props.multiple ? "multiple" : undefined}
      value={props.multiple ? [...props.value] : props.value}
      onChange={(value: string | string[] | undefined) => {
        setTyped("");
        if (props.multiple) {
          props.onChange(Array.isArray(value) ? value : []);
        } else {
          props.onChange(typeof value === "string" ? value : undefined);
        }
      }}
      allowClear
      disabled={props.disabled}
      placeholder={props.placeholder ?? texts.form.search}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      onOpenChange={(next) => {
        if (next) {
          setOpened(true);
        }
      }}
      onBlur={props.onBlur}
      loading={searching && opened}
      notFoundContent={searching ? texts.form.searching : texts.form.noMatch}
      options={options}
      optionRender={(option) => (
        <span className="pick">
          <span>{option.label}</span>
          {option.data.note ? <span className="pick-note">{option.data.note}</span> : null}
        </span>
      )}
      className="full"
    />
  );
}
