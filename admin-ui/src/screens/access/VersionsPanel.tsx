import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Collapse, Popconfirm, Tag } from "antd";
import { errorText } from "../../api/errors";
import { restoreVersion, versionQuery, versionsQuery } from "../../api/queries/access";
import { useMe } from "../../api/queries/session";
import type { PolicyVersion } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { RuleTable } from "./RuleTable";

/** Who published which rules when and why; what each version changed; back to an earlier one. */
export function VersionsPanel() {
  const { data, error, refetch } = useQuery(versionsQuery);
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading rows={6} />;
  }
  return (
    <Collapse
      destroyOnHidden
      items={data.rows.map((version) => ({
        key: version.id,
        label: <Head version={version} />,
        children: <Detail version={version} />,
      }))}
    />
  );
}

function Head({ version }: { version: PolicyVersion }) {
  const texts = useMessages();
  const { zone } = useMe();
  return (
    <span className="access-version">
      <strong>{texts.access.version(version.id)}</strong>
      {version.current ? <Tag color="success">{texts.access.current}</Tag> : null}
      <span>{version.why}</span>
      <span className="muted">
        {version.by?.name ?? texts.access.byCommand} · {instantText(version.at, zone)}
      </span>
    </span>
  );
}

function Detail({ version }: { version: PolicyVersion }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { data, error, refetch } = useQuery(versionQuery(version.id));
  const restore = useMutation({
    mutationFn: () => restoreVersion(version.id, ""),
    onSuccess: () => {
      message.success(texts.access.restored);
      void client.invalidateQueries();
    },
    onError: (failed) => message.error(errorText(failed)),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading rows={3} />;
  }
  return (
    <>
      {data.added.length + data.removed.length === 0 ? <p>{texts.access.unchanged}</p> : null}
      {data.added.length > 0 ? (
        <>
          <h3>{texts.access.added}</h3>
          <RuleTable rules={data.added} label={texts.access.added} />
        </>
      ) : null}
      {data.removed.length > 0 ? (
        <>
          <h3>{texts.access.removed}</h3>
          <RuleTable rules={data.removed} label={texts.access.removed} />
        </>
      ) : null}
      {version.current ? null : (
        <Popconfirm
          title={texts.access.restoreSure(version.id)}
          okText={texts.access.restore}
          cancelText={texts.app.cancel}
          onConfirm={() => restore.mutate()}
        >
          <Button className="access-restore" loading={restore.isPending}>
            {texts.access.restore}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}
