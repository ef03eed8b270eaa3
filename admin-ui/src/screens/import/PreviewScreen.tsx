import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { ApiError, errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { commitImport, importQuery } from "../../api/queries/imports";
import { keys } from "../../api/queries/keys";
import { moduleQuery } from "../../api/queries/modules";
import type { ImportView } from "../../api/types";
import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { BackToList } from "./BackToList";
import { choiceOf, counted, type Verdict } from "./counted";
import { SheetRows } from "./SheetRows";
import { VerdictFilter } from "./VerdictFilter";
import { WizardSteps } from "./WizardSteps";

/** The second half of an import: what each row would become, and the commit. */
export function PreviewScreen() {
  const { id } = useParams({ from: "/shell/imports/$id" });
  const { data, error, refetch } = useQuery(importQuery(id));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return data ? <Preview key={data.id} view={data} /> : <Loading rows={10} />;
}

function Preview({ view }: { view: ImportView }) {
  const texts = useMessages();
  const { data: module } = useQuery(moduleQuery(view.module));
  const kind = module?.kinds.find(({ name }) => name === view.kind);
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState<Verdict | "all">("all");
  const rows = useMemo(
    () => (shown === "all" ? view.rows : view.rows.filter(({ verdict }) => verdict === shown)),
    [view.rows, shown],
  );
  const title = texts.importing.title(kind?.title ?? "");
  const committed = view.committed;
  return (
    <>
      <PageHeader
        title={title}
        windowTitle={title}
        above={
          <BackToList
            module={view.module}
            kind={view.kind}
            title={`${module?.title ?? ""} · ${kind?.title ?? ""}`}
          />
        }
        below={<Source view={view} />}
      />
      <WizardSteps current={committed ? "result" : "preview"} />
      {committed ? <Committed view={view} /> : null}
      {view.unread_sheets.length > 0 ? (
        <Alert
          className="summary"
          type="warning"
          showIcon
          title={texts.importing.unreadSheets(joined(view.unread_sheets))}
        />
      ) : null}
      <VerdictFilter view={view} value={shown} onChange={setShown} />
      <SheetRows
        lights={kind?.lights ?? []}
        view={view}
        rows={rows}
        turned={turned}
        onTurn={
          committed
            ? undefined
            : (row) => {
                const next = new Set(turned);
                if (!next.delete(row)) {
                  next.add(row);
                }
                setTurned(next);
              }
        }
      />
      <Skipped rows={view.skipped} />
      {committed ? null : <CommitBar view={view} turned={turned} />}
    </>
  );
}

function Source({ view }: { view: ImportView }) {
  const texts = useMessages();
  return (
    <>
      <span>
        {texts.importing.file}
        {texts.colon}
        {view.file_name}
      </span>
      {view.sheet ? (
        <span>
          {texts.importing.sheet}
          {texts.colon}
          {view.sheet}
        </span>
      ) : null}
      {view.categories.length > 0 ? (
        <span>
          {texts.importing.categories}
          {texts.colon}
          {joined(view.categories)}
        </span>
      ) : null}
    </>
  );
}

function Skipped({ rows }: { rows: readonly number[] }) {
  const texts = useMessages();
  if (rows.length === 0) {
    return null;
  }
  return (
    <details className="skipped">
      <summary>{texts.importing.skipped(rows.length)}</summary>
      <p className="muted">{texts.importing.skippedRows(joined(rows.map(String)))}</p>
    </details>
  );
}

function Committed({ view }: { view: ImportView }) {
  const texts = useMessages();
  const { created = 0, changed = 0 } = view.committed ?? {};
  const address = { module: view.module, kind: view.kind };
  return (
    <Alert
      className="summary committed"
      type="success"
      showIcon
      title={texts.importing.committedTitle}
      description={texts.importing.committed(created, changed)}
      action={
        <div className="committed-actions">
          <Link to="/modules/$module/$kind" params={address}>
            <Button type="primary" tabIndex={-1}>
              {texts.importing.toList}
            </Button>
          </Link>
          <Link to="/modules/$module/$kind/import" params={address}>
            <Button tabIndex={-1}>{texts.importing.again}</Button>
          </Link>
        </div>
      }
    />
  );
}

function CommitBar({ view, turned }: { view: ImportView; turned: ReadonlySet<number> }) {
  const texts = useMessages();
  const client = useQueryClient();
  const key = useRef(new CommandKey());
  const { created, changed, total, out } = counted(view.rows, turned);
  const commit = useMutation({
    mutationFn: () => {
      const choice = choiceOf(view.rows, turned);
      return commitImport(view.id, key.current.for(choice), choice);
    },
    onSuccess: (after) => {
      key.current.settle();
      client.setQueryData(keys.importing(view.id), after);
      void client.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind !== "import" });
      document.getElementById("main")?.focus();
      window.scrollTo({ top: 0 });
    },
    onError: (error) => {
      if (error instanceof ApiError) {
        key.current.settle();
        void client.invalidateQueries({ queryKey: keys.importing(view.id) });
      }
    },
  });
  return (
    <section className="commit-bar" aria-label={texts.importing.steps.result}>
      {commit.error ? <Alert type="error" showIcon title={errorText(commit.error)} className="full" /> : null}
      <div className="commit-text" role="status">
        {total > 0 ? (
          <>
            <strong>{texts.importing.willImport(total, created, changed)}</strong>{" "}
            {out > 0 ? texts.importing.stayOut(out) : null}
            <div className="muted">{texts.importing.together}</div>
          </>
        ) : (
          <strong>{texts.importing.nothing}</strong>
        )}
      </div>
      <Link to="/modules/$module/$kind/import" params={{ module: view.module, kind: view.kind }}>
        <Button tabIndex={-1}>{texts.importing.otherFile}</Button>
      </Link>
      {total > 0 ? (
        <Button type="primary" loading={commit.isPending} onClick={() => commit.mutate()}>
          {commit.isPending ? texts.importing.committing : texts.importing.commit(total)}
        </Button>
      ) : null}
    </section>
  );
}
