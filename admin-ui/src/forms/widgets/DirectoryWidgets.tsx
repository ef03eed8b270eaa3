import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { described, fieldOf, type Props, texts } from "./props";

function common(props: Props) {
  const { id, disabled, status, onBlur, "aria-describedby": describedBy } = described(props);
  return { id, disabled, onBlur, describedBy, invalid: status === "error", label: fieldOf(props).title };
}

function one(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function UnitWidget(props: Props) {
  return (
    <DirectoryPicker
      kind="unit"
      {...common(props)}
      value={one(props.value)}
      onChange={(id) => props.onChange(id)}
    />
  );
}

export function UnitsWidget(props: Props) {
  return (
    <DirectoryPicker
      kind="unit"
      multiple
      {...common(props)}
      value={texts(props.value)}
      onChange={(ids) => props.onChange(ids)}
    />
  );
}

export function PersonWidget(props: Props) {
  return (
    <DirectoryPicker
      kind="person"
      {...common(props)}
      value={one(props.value)}
      onChange={(id) => props.onChange(id)}
    />
  );
}

export function PeopleWidget(props: Props) {
  return (
    <DirectoryPicker
      kind="person"
      multiple
      {...common(props)}
      value={texts(props.value)}
      onChange={(ids) => props.onChange(ids)}
    />
  );
}
