import { SafetyCertificateOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { historyQuery } from "../../api/queries/items";
import { useMe } from "../../api/queries/session";
import type { HistoryEntry, ItemView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { useDoer } from "../../ui/useDoer";
import { type Deed, deedsOf } from "./deeds";

/** What happened, the newest first, and whether the stored record is still what was written. */
export function History({ item }: { item: ItemView }) {
  const texts = useMessages();
  const { data, error, refetch } = useQuery(historyQuery(item.id));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  const intact = data.chain === "intact";
  return (
    <section className="panel">
      <Alert
        className="summary"
        type={intact ? "success" : "error"}
        showIcon
        icon={intact ? <SafetyCertificateOutlined aria-hidden /> : <WarningOutlined aria-hidden />}
        title={intact ? texts.item.chainIntact : texts.item.chainBroken}
      />
      {data.entries.length === 0 ? (
        <Empty title={texts.item.noHistory} />
      ) : (
        <ol className="trail">
          {deedsOf(data.entries).map((deed) => (
            <Step key={deed.done.deed} deed={deed} item={item} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Step({ deed: { done, changes }, item }: { deed: Deed; item: ItemView }) {
  const texts = useMessages();
  const doer = useDoer();
  const { zone } = useMe();
  return (
    <li className="trail-entry">
      <div className="trail-head">
        <span>
          <What entry={done} about={item.id} item={item} />
        </span>
        <span className="trail-when">
          {doer(done.by, done.through)} · {instantText(done.at, zone)}
        </span>
      </div>
      {done.detail ? <p className="trail-comment">{done.detail}</p> : null}
      {changes.length > 0 ? (
        <ul className="trail-changes">
          {changes.map((entry) => (
            <li key={entry.sequence}>
              <What entry={entry} about={done.item} item={item} />
              {entry.detail ? (
                <>
                  {texts.colon}
                  <span className="prose">{entry.detail}</span>
                </>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** What an entry says; where it is not about what one expects (`about`), with the kind of what it is about. */
function What({ entry, about, item }: { entry: HistoryEntry; about: string; item: ItemView }) {
  const subject = [item, ...item.children].find(({ id }) => id === entry.item);
  return (
    <>
      {subject && entry.item !== about ? <span className="trail-about">{subject.kind_title}</span> : null}
      {entry.text}
    </>
  );
}
