import type { RJSFSchema, WidgetProps } from "@rjsf/utils";
import type { FieldView, FormData } from "../../api/types";

export type Props = WidgetProps<FormData, RJSFSchema>;

export const errorId = (id: string) => `${id}__error`;
export const helpId = (id: string) => `${id}__help`;

/** The field that a widget stands for. */
export function fieldOf({ options }: Props): FieldView {
  return options.field as unknown as FieldView;
}

/** What every input says about its field: what is wrong, and where that is explained. */
export function described(props: Props) {
  const invalid = (props.rawErrors?.length ?? 0) > 0;
  const ids = [invalid ? errorId(props.id) : "", fieldOf(props).help ? helpId(props.id) : ""].filter(Boolean);
  return {
    id: props.id,
    disabled: props.disabled,
    status: invalid ? ("error" as const) : undefined,
    "aria-invalid": invalid || undefined,
    "aria-required": fieldOf(props).required || undefined,
    "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
    onBlur: () => props.onBlur(props.id, props.value),
  };
}

/** The texts in a list value. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
