import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, Popconfirm, Space } from "antd";
import { useEffect, useState } from "react";
import { errorText } from "../../api/errors";
import { checkQuery, draftQuery, dropDraft, saveDraft } from "../../api/queries/access";
import { keys } from "../../api/queries/keys";
import type { PolicyDocument, PolicyFault } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { DryRunPanel } from "./DryRunPanel";
import { PublishModal } from "./PublishModal";
import { RuleModal } from "./RuleModal";
import { RuleTable } from "./RuleTable";
import { withRule } from "./writeRule";

/** How long typing must pause before it is checked, in milliseconds. */
const PAUSE_MS = 500;

/** The rules as they would be: edited as text, checked while they are written, tried, published. */
export function PolicyEditor() {
  const { data: draft, error, refetch } = useQuery(draftQuery);
  if (error && !draft) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return draft ? (
    <Editor
      key={`${draft.base}${draft.saved_at ?? ""}`}
      documents={draft.documents}
      base={draft.base}
      outdated={draft.outdated}
      isDraft={draft.saved_at !== undefined}
    />
  ) : (
    <Loading rows={8} />
  );
}

type Given = { documents: PolicyDocument[]; base: number; outdated: boolean; isDraft: boolean };

function Editor({ documents: given, base, outdated, isDraft }: Given) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [documents, setDocuments] = useState(given);
  const [settled, setSettled] = useState(given);
  const [adding, setAdding] = useState<number>();
  const [publishing, setPublishing] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(documents), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [documents]);
  const check = useQuery(checkQuery(settled));
  const again = () => client.invalidateQueries({ queryKey: keys.policies("draft") });
  const save = useMutation({
    mutationFn: () => saveDraft({ documents, base }),
    onSuccess: () => {
      message.success(texts.access.saved);
      void again();
    },
    onError: (error) => message.error(errorText(error)),
  });
  const drop = useMutation({
    mutationFn: dropDraft,
    onSuccess: () => void again(),
    onError: (error) => message.error(errorText(error)),
  });
  const write = (place: number, text: string) =>
    setDocuments((before) => before.map((one, index) => (index === place ? { ...one, text } : one)));
  const faults = check.data?.faults ?? [];
  const sound = check.data !== undefined && !faults.some((fault) => fault.error) && settled === documents;
  return (
    <div className="access-editor">
      {outdated ? <Alert type="warning" showIcon title={texts.access.outdated} /> : null}
      {documents.map(({ path, text }, place) => (
        <section className="panel" key={path}>
          <div className="access-head">
            <label htmlFor={`policy${place}`}>{texts.access.document(path)}</label>
            <Button onClick={() => setAdding(place)}>{texts.access.addRule}</Button>
          </div>
          <Input.TextArea
            id={`policy${place}`}
            className="access-text"
            value={text}
            autoSize={{ minRows: 8, maxRows: 24 }}
            spellCheck={false}
            onChange={(event) => write(place, event.target.value)}
          />
        </section>
      ))}
      <Faults faults={faults} error={check.error} sound={sound} />
      <Space wrap>
        <Button onClick={() => save.mutate()} loading={save.isPending}>
          {texts.access.save}
        </Button>
        {isDraft ? (
          <Popconfirm
            title={texts.access.dropSure}
            okText={texts.access.drop}
            cancelText={texts.app.cancel}
            onConfirm={() => drop.mutate()}
          >
            <Button loading={drop.isPending}>{texts.access.drop}</Button>
          </Popconfirm>
        ) : null}
        <Button type="primary" disabled={!sound || outdated} onClick={() => setPublishing(true)}>
          {texts.access.publish}
        </Button>
        <span className="muted">{texts.access.draftOf(base)}</span>
      </Space>
      <DryRunPanel documents={settled} enabled={sound} />
      <section className="panel">
        <h2 className="panel-title">{texts.access.ruleList}</h2>
        <RuleTable rules={check.data?.rules ?? []} label={texts.access.ruleList} />
      </section>
      {adding === undefined ? null : (
        <RuleModal
          onClose={() => setAdding(undefined)}
          onAdd={(rule) => {
            write(adding, withRule(documents[adding]?.text ?? "", rule));
            setAdding(undefined);
          }}
        />
      )}
      {publishing ? (
        <PublishModal documents={documents} base={base} onClose={() => setPublishing(false)} />
      ) : null}
    </div>
  );
}

function Faults({ faults, error, sound }: { faults: PolicyFault[]; error: unknown; sound: boolean }) {
  const texts = useMessages();
  if (error) {
    return <Alert type="error" showIcon title={errorText(error)} />;
  }
  if (faults.length === 0) {
    return sound ? <Alert type="success" showIcon title={texts.access.noFaults} /> : null;
  }
  const errors = faults.filter((fault) => fault.error).length;
  return (
    <Alert
      type={errors > 0 ? "error" : "warning"}
      showIcon
      title={errors > 0 ? texts.access.faults(errors) : texts.access.noFaults}
      description={
        <ul className="access-faults">
          {faults.map((fault) => (
            <li key={`${fault.path}${fault.line}${fault.column}${fault.code}`}>
              {fault.path} {texts.access.place(fault.line, fault.column)}: {fault.message}
              {fault.help ? <div className="muted">{fault.help}</div> : null}
            </li>
          ))}
        </ul>
      }
    />
  );
}
