import { Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useMessages } from "../i18n/language";

/** Nothing for the first 300 ms, so that quick answers do not flicker; then the outline of a page. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const texts = useMessages();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status" aria-label={texts.app.loading}>
      {shown ? <Skeleton active title paragraph={{ rows }} /> : null}
    </div>
  );
}
