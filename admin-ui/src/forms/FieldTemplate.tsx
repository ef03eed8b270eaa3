import type { FieldTemplateProps, RJSFSchema } from "@rjsf/utils";
import type { FieldView, FormData } from "../api/types";
import { useMessages } from "../i18n/language";
import { characters } from "./messages";
import { errorId, helpId } from "./widgets/props";

/** A field: its title above, its input, then help, what is wrong, and how many characters are left. */
export function FieldTemplate(props: FieldTemplateProps<FormData, RJSFSchema>) {
  const { id, children, hidden, rawErrors, uiSchema, formData } = props;
  const texts = useMessages();
  const field = uiSchema?.["ui:options"]?.field as unknown as FieldView | undefined;
  if (hidden) {
    return <div hidden>{children}</div>;
  }
  if (!field) {
    // The form itself: its title stands in the panel around it.
    return <>{children}</>;
  }
  const counted = field.max_length !== undefined && (field.kind === "multiline" || field.kind === "text");
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>
        {field.required && !field.read_only ? (
          <span className="form-required" title={texts.form.required}>
            *
          </span>
        ) : null}
        {field.title}
      </label>
      {children}
      <div className="form-foot">
        <div>
          {rawErrors?.length ? (
            <p className="form-error" id={errorId(id)} role="alert">
              {rawErrors.join(" ")}
            </p>
          ) : null}
          {field.help ? (
            <p className="form-help" id={helpId(id)}>
              {field.help}
            </p>
          ) : null}
        </div>
        {counted && !field.read_only && field.kind === "multiline" ? (
          <span className="count">{texts.form.count(characters(formData), field.max_length ?? 0)}</span>
        ) : null}
      </div>
    </div>
  );
}
