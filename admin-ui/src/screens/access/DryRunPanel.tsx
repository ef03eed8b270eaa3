import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Progress, Table } from "antd";
import { errorText } from "../../api/errors";
import { beginDryRun, cancelDryRun, dryRunQuery } from "../../api/queries/access";
import type { DryRunLine, DryRunView, PolicyDocument } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** Who would see more and who less, counted on the live data before anything is published. */
export function DryRunPanel({ documents, enabled }: { documents: PolicyDocument[]; enabled: boolean }) {
  const texts = useMessages();
  const { message } = App.useApp();
  const begin = useMutation({
    mutationFn: () => beginDryRun(documents),
    onError: (error) => message.error(errorText(error)),
  });
  const id = begin.data?.id;
  return (
    <section className="panel">
      <div className="access-head">
        <span className="muted">{texts.access.dryRunHint}</span>
        <Button disabled={!enabled} loading={begin.isPending} onClick={() => begin.mutate()}>
          {texts.access.dryRun}
        </Button>
      </div>
      {id === undefined ? null : <Followed key={id} id={id} />}
    </section>
  );
}

function Followed({ id }: { id: number }) {
  const texts = useMessages();
  const { data: run, error, refetch } = useQuery(dryRunQuery(id));
  const stop = useMutation({ mutationFn: () => cancelDryRun(id), onSettled: () => void refetch() });
  if (error && !run) {
    return <Alert type="error" showIcon title={errorText(error)} />;
  }
  if (!run || run.state === "running") {
    const { done = 0, total = 0 } = run ?? {};
    return (
      <div className="access-head" aria-live="polite">
        <Progress
          percent={total > 0 ? Math.floor((done * 100) / total) : 0}
          format={() => texts.access.running(done, total)}
        />
        <Button onClick={() => stop.mutate()} loading={stop.isPending}>
          {texts.access.stop}
        </Button>
      </div>
    );
  }
  return <Result run={run} />;
}

function Result({ run }: { run: DryRunView }) {
  const texts = useMessages();
  const whole = run.state === "done";
  const effect =
    run.lines.length === 0 && whole
      ? texts.access.nothing
      : texts.access.effect(run.people_gaining, run.people_losing);
  return (
    <div aria-live="polite">
      <Alert
        type={whole ? "info" : "warning"}
        showIcon
        title={whole ? effect : texts.access.state[run.state]}
        description={whole ? undefined : effect}
      />
      {run.lines.length > 0 ? <Lines lines={run.lines} /> : null}
      {run.left_out > 0 ? <p className="muted">{texts.access.leftOut(run.left_out)}</p> : null}
    </div>
  );
}

function Lines({ lines }: { lines: DryRunLine[] }) {
  const texts = useMessages();
  const { run } = texts.access;
  const rows = lines.map((line, place) => ({ ...line, key: place }));
  return (
    <Table
      aria-label={texts.access.dryRun}
      size="small"
      scroll={{ x: "max-content" }}
      pagination={lines.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      dataSource={rows}
      columns={[
        { title: run.kind, render: (_, line) => `${line.module_title} · ${line.kind_title}` },
        { title: run.action, dataIndex: "action" },
        {
          title: run.people,
          render: (_, line) =>
            texts.access.peopleOf(
              line.people,
              line.examples.map(({ name }) => name).join(texts.listComma),
              line.roles.join(texts.listComma),
            ),
        },
        { title: run.gained, render: (_, line) => <Items count={line.gained} items={line.gained_items} /> },
        { title: run.lost, render: (_, line) => <Items count={line.lost} items={line.lost_items} /> },
        {
          title: run.fields,
          render: (_, line) =>
            line.fields.map(({ field, gained, lost }) => (
              <div key={field}>{texts.access.fieldChange(field, gained, lost)}</div>
            )),
        },
      ]}
    />
  );
}

function Items({ count, items }: { count: number; items: DryRunLine["gained_items"] }) {
  return (
    <>
      {count}
      {items.map(({ id, title }) => (
        <div key={id}>
          <Link to="/items/$item" params={{ item: id }}>
            {title}
          </Link>
        </div>
      ))}
    </>
  );
}
