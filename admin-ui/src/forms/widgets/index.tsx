import type { ComponentType } from "react";
import type { FieldView } from "../../api/types";
import { BoolWidget, ChoicesWidget, ChoiceWidget, DateWidget } from "./ChoiceWidgets";
import { PeopleWidget, PersonWidget, UnitsWidget, UnitWidget } from "./DirectoryWidgets";
import type { Props } from "./props";
import { ReadOnlyWidget } from "./ReadOnlyWidget";
import { MultilineWidget, NumberWidget, TextsWidget, TextWidget } from "./TextWidgets";

type Kind = FieldView["kind"];

const SINGLE: Record<Kind, ComponentType<Props>> = {
  text: TextWidget,
  multiline: MultilineWidget,
  number: NumberWidget,
  bool: BoolWidget,
  date: DateWidget,
  unit: UnitWidget,
  person: PersonWidget,
  choice: ChoiceWidget,
  entry: ChoiceWidget,
  list: TextsWidget,
};

const LISTS: Partial<Record<Kind, ComponentType<Props>>> = {
  unit: UnitsWidget,
  person: PeopleWidget,
  choice: ChoicesWidget,
  entry: ChoicesWidget,
};

/** The input for a field, by the kind of its values. */
export function widgetFor(field: FieldView): ComponentType<Props> {
  if (field.read_only) {
    return ReadOnlyWidget;
  }
  if (field.kind === "list") {
    return (field.item_kind && LISTS[field.item_kind]) || TextsWidget;
  }
  return SINGLE[field.kind];
}
