import type { ObjectFieldTemplateProps, RJSFSchema } from "@rjsf/utils";
import type { FormData } from "../api/types";

/** A form's fields in one column. */
export function ObjectTemplate({ properties }: ObjectFieldTemplateProps<FormData, RJSFSchema>) {
  return (
    <>
      {properties.map(({ name, content }) => (
        <div key={name}>{content}</div>
      ))}
    </>
  );
}
