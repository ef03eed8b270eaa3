import { SafetyCertificateOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { historyQuery } from "../../api/queries/items";
import { useMe } from "../../api/queries/session";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** What happened, the newest first, and whether the stored record is still what was written. */
export function History({ item }: { item: string }) {
  const texts = useMessages();
  const { zone } = useMe();
  const { data, error, refetch } = useQuery(historyQuery(item));
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
        icon={intact ? <SafetyCertificateOutlined /> : <WarningOutlined />}
        title={intact ? texts.item.chainIntact : texts.item.chainBroken}
      />
      {data.entries.length === 0 ? (
        <Empty title={texts.item.noHistory} />
      ) : (
        <ol className="trail">
          {data.entries.map((entry) => (
            <li key={entry.sequence} className="trail-entry">
              <div className="trail-head">
                <span>{entry.text}</span>
                <span className="trail-when">
                  {entry.by?.name ?? texts.task.system} · {instantText(entry.at, zone)}
                </span>
              </div>
              {entry.detail ? <p className="trail-comment">{entry.detail}</p> : null}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
