import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { deedsQuery, SETTINGS_PER_PAGE } from "../../api/queries/acting";
import { useMe } from "../../api/queries/session";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** What others did in the reader's name. */
export function InMyNamePanel() {
  const texts = useMessages();
  const { zone } = useMe();
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(deedsQuery(page));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      <h2 className="panel-title">{texts.acting.inMyName}</h2>
      {data.rows.length === 0 ? (
        <Empty title={texts.acting.noDeeds} />
      ) : (
        <ol className="trail">
          {data.rows.map((deed) => (
            <li className="trail-entry" key={`${deed.at} ${deed.item} ${deed.texts.join()}`}>
              <div className="trail-head">
                <Link to="/items/$item" params={{ item: deed.item }}>
                  {deed.item_title ?? deed.item}
                </Link>
                <span className="trail-when">
                  {deed.through.name} · {instantText(deed.at, zone)}
                </span>
              </div>
              <p className="trail-comment">{deed.texts.join(texts.acting.next)}</p>
            </li>
          ))}
        </ol>
      )}
      <Pager page={page} size={SETTINGS_PER_PAGE} total={data.total} onChange={setPage} />
    </section>
  );
}
