import type { ReactNode } from "react";

/** The id of what stands below the field `id`, for `aria-describedby`. */
export const below = (id: string) => `${id}below`;

/** A label, marked where it must be filled in, over what is filled in; below it what is wrong, or else a hint. */
export function Field({
  id,
  label,
  required = false,
  problem,
  help,
  children,
}: {
  /** The id of what is filled in. */
  id: string;
  label: string;
  required?: boolean;
  problem?: string | undefined;
  help?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>
        {required ? <span className="form-required">*</span> : null}
        {label}
      </label>
      {children}
      {problem ? (
        <p className="form-error" id={below(id)} role="alert">
          {problem}
        </p>
      ) : help ? (
        <p className="form-help" id={below(id)}>
          {help}
        </p>
      ) : null}
    </div>
  );
}
