import { Theme } from "@rjsf/antd";
import { withTheme } from "@rjsf/core";
import type { ErrorSchema, RJSFSchema, TemplatesType, UiSchema } from "@rjsf/utils";
import { useMemo, useRef } from "react";
import type { FieldView, FormData, FormView } from "../api/types";
import { FieldTemplate } from "./FieldTemplate";
import { ObjectTemplate } from "./ObjectTemplate";
import { ProblemSummary } from "./ProblemSummary";
import type { FormState } from "./useFormState";
import { validator } from "./validator";
import { widgetFor } from "./widgets";

const ThemedForm = withTheme<FormData, RJSFSchema>(
  Theme as Parameters<typeof withTheme<FormData, RJSFSchema>>[0],
);

const TEMPLATES: Partial<TemplatesType<FormData, RJSFSchema>> = {
  FieldTemplate,
  ObjectFieldTemplate: ObjectTemplate,
};

type Props = {
  state: FormState;
  disabled?: boolean;
  /** A field was left: the moment to save. */
  onLeave?: () => void;
};

/** A form generated from its schema, with problems at their fields and summed up above. */
export function SchemaForm({ state, disabled = false, onLeave }: Props) {
  const { form, prefix, data, problems } = state;
  const uiSchema = useMemo(() => uiSchemaOf(form), [form]);
  const extraErrors = useMemo(() => errorSchemaOf(problems), [problems]);
  const leave = useRef(state.leave);
  leave.current = state.leave;
  return (
    <>
      <ProblemSummary problems={state.summary} onJump={state.focus} />
      <ThemedForm
        schema={form.schema as RJSFSchema}
        uiSchema={uiSchema}
        formData={data}
        idPrefix={prefix}
        validator={validator}
        templates={TEMPLATES}
        extraErrors={extraErrors}
        showErrorList={false}
        noHtml5Validate
        noValidate
        disabled={disabled}
        tagName="div"
        experimental_defaultFormStateBehavior={{
          emptyObjectFields: "skipDefaults",
          arrayMinItems: { populate: "never" },
        }}
        onChange={({ formData }) => {
          if (formData) {
            state.setData(formData);
          }
        }}
        onBlur={(id) => {
          leave.current(id.slice(prefix.length + 1));
          onLeave?.();
        }}
      >
        {/* The buttons stand outside: a form may end in several ways. */}
        <span />
      </ThemedForm>
    </>
  );
}

/** Which input each field has, and the fields' order. */
export function uiSchemaOf(form: FormView): UiSchema<FormData, RJSFSchema> {
  const ui: Record<string, unknown> = { "ui:order": [...form.fields.map(({ name }) => name), "*"] };
  for (const field of form.fields) {
    ui[field.name] = fieldUi(field);
  }
  return ui as UiSchema<FormData, RJSFSchema>;
}

function fieldUi(field: FieldView) {
  return {
    "ui:widget": widgetFor(field),
    "ui:title": field.title,
    "ui:readonly": field.read_only,
    "ui:options": { field },
  };
}

function errorSchemaOf(problems: FormState["problems"]): ErrorSchema<FormData> {
  const errors: Record<string, { __errors: string[] }> = {};
  for (const { field, message } of problems) {
    if (field !== "") {
      errors[field] = { __errors: [message] };
    }
  }
  return errors as ErrorSchema<FormData>;
}
