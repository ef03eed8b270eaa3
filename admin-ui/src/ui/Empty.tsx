import { InboxOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";

/** Nothing to show: a sentence that says so, and one that says what to do. */
export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="empty" role="status">
      <InboxOutlined className="empty-icon" aria-hidden />
      <p className="empty-title">{title}</p>
      {hint ? <p className="empty-hint">{hint}</p> : null}
      {children}
    </div>
  );
}
