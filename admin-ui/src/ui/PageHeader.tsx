import type { ReactNode } from "react";
import { useTitle } from "./useTitle";

/** The heading of a page with what belongs beside it, and the window's title. */
export function PageHeader({
  title,
  windowTitle,
  above,
  below,
  children,
}: {
  title: ReactNode;
  windowTitle: string;
  above?: ReactNode;
  below?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(windowTitle);
  return (
    <header className="page-header">
      {above ? <div className="page-above">{above}</div> : null}
      <div className="page-title-row">
        <h1 className="page-title" tabIndex={-1}>
          {title}
        </h1>
        {children ? <div className="page-actions">{children}</div> : null}
      </div>
      {below ? <div className="page-below">{below}</div> : null}
    </header>
  );
}
