import { useQuery } from "@tanstack/react-query";
import { Progress } from "antd";
import { useState } from "react";
import { followUpsQuery, ORG_PER_PAGE } from "../../api/queries/organisation";
import { useMe } from "../../api/queries/session";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** How far open work has followed changes of the organisation. */
export function FollowUpsPanel() {
  const texts = useMessages();
  const { zone, now } = useMe();
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(followUpsQuery(page));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      {data.rows.length === 0 ? <Empty title={texts.organisation.noChanges} /> : null}
      <ul className="setting-list" aria-label={texts.organisation.tabs.progress}>
        {data.rows.map((row) => {
          const percent = row.ended_at ? 100 : row.total === 0 ? 0 : Math.floor((100 * row.done) / row.total);
          return (
            <li key={row.id}>
              <span className="setting-name">
                {row.text}
                <span className="row-meta">
                  {[
                    row.begun_by?.name,
                    instantText(row.begun_at, zone),
                    row.begun_at > now ? texts.organisation.waiting : "",
                    texts.organisation.progress(row.done, row.total),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
                {row.failed > 0 ? (
                  <span className="row-meta">
                    {texts.organisation.failed(row.failed, row.last_error ?? "")}
                  </span>
                ) : null}
              </span>
              <Progress
                className="console-progress"
                aria-label={row.text}
                percent={percent}
                status={row.failed > 0 ? "exception" : row.ended_at ? "success" : "active"}
              />
            </li>
          );
        })}
      </ul>
      <Pager page={page} size={ORG_PER_PAGE} total={data.total} onChange={setPage} />
    </section>
  );
}
