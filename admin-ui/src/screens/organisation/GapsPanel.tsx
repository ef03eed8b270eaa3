import { useQuery } from "@tanstack/react-query";
import { Tag } from "antd";
import { useState } from "react";
import { gapsQuery, ORG_PER_PAGE } from "../../api/queries/organisation";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** Steps that nobody could do, before they hurt. */
export function GapsPanel() {
  const texts = useMessages();
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(gapsQuery(page));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      {data.total === 0 ? (
        <Empty title={texts.organisation.noGaps} />
      ) : (
        <p className="muted">{texts.organisation.gapsHint(data.total, data.in_use)}</p>
      )}
      <ul className="setting-list" aria-label={texts.organisation.tabs.gaps}>
        {data.rows.map((gap) => (
          <li key={`${gap.workflow} ${gap.node} ${gap.unit?.id}`}>
            <span className="setting-name">
              {texts.organisation.gap(gap.unit?.name ?? texts.organisation.wholeDistrict, gap.posts)}
              <span className="row-meta">
                {gap.workflow_title} · {gap.node_title}
              </span>
              <span className="row-meta">{gap.then_text}</span>
            </span>
            {gap.in_use ? <Tag color="orange">{texts.organisation.inUse}</Tag> : null}
            <Tag color={gap.then === "incident" ? "red" : "blue"}>{texts.organisation.outcome[gap.then]}</Tag>
          </li>
        ))}
      </ul>
      <Pager page={page} size={ORG_PER_PAGE} total={data.total} onChange={setPage} />
    </section>
  );
}
