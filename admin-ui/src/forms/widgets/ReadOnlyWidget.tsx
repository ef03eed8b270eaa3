import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { useNames } from "../../ui/names";
import { fieldOf, type Props } from "./props";

/** What the platform has set: shown, not asked. */
export function ReadOnlyWidget(props: Props) {
  const messages = useMessages();
  const nameOf = useNames();
  const field = fieldOf(props);
  const all: unknown[] = Array.isArray(props.value) ? props.value : [props.value];
  const shown = all
    .filter((value) => value !== undefined && value !== null && value !== "")
    .map((value) => {
      const kind = field.kind === "list" ? field.item_kind : field.kind;
      if (typeof value === "boolean") {
        return value ? messages.form.yes : messages.form.no;
      }
      const named = kind === "unit" || kind === "person" ? nameOf(kind, String(value)) : undefined;
      return named ?? field.options?.find((option) => option.value === value)?.title ?? String(value);
    });
  return (
    <output id={props.id} className="form-readonly" tabIndex={-1}>
      {shown.length > 0 ? joined(shown) : <span className="muted">{messages.form.empty}</span>}
    </output>
  );
}
