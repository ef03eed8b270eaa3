import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Ref = Schemas["Ref"];
export type Choice = Schemas["Choice"];
export type Light = Schemas["Light"];
export type LightView = Schemas["LightView"];
export type FormView = Schemas["FormView"];
export type FieldView = Schemas["FieldView"];
export type Shown = Schemas["Shown"];
export type Problem = Schemas["Problem"];
export type FieldProblem = Schemas["FieldProblem"];
export type TodoRow = Schemas["TodoRow"];
export type TodoPage = Schemas["TodoPage"];
export type TaskView = Schemas["TaskView"];
export type OutcomeView = Schemas["OutcomeView"];
export type EarlierView = Schemas["EarlierView"];
export type ModuleView = Schemas["ModuleView"];
export type ModuleKind = Schemas["ModuleKind"];
export type ColumnView = Schemas["ColumnView"];
export type ItemPage = Schemas["ItemPage"];
export type ItemRow = Schemas["ItemRow"];
export type ItemView = Schemas["ItemView"];
export type ItemTask = Schemas["ItemTask"];
export type ChildView = Schemas["ChildView"];
export type StageView = Schemas["StageView"];
export type OfferView = Schemas["OfferView"];
export type HistoryView = Schemas["HistoryView"];
export type ImportView = Schemas["ImportView"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type ImportRow = Schemas["ImportRow"];
export type CockpitView = Schemas["CockpitView"];
export type ChartView = Schemas["ChartView"];
export type CountRow = Schemas["CountRow"];
export type NoticeView = Schemas["NoticeView"];
export type IncidentView = Schemas["IncidentView"];
export type ResolveInput = Schemas["ResolveInput"];
export type UnitFound = Schemas["UnitFound"];
export type PersonFound = Schemas["PersonFound"];

/** Values of a form: what JSON can hold, by field name. */
export type FormData = Record<string, unknown>;
