import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useMe } from "../../api/queries/session";
import { TASKS_PER_PAGE, todoQuery } from "../../api/queries/tasks";
import type { TodoRow } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { type Column, DataList } from "../../lists/DataList";
import { Due } from "../../ui/Due";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { LateTag } from "../../ui/LateTag";
import { LightTag } from "../../ui/LightTag";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";

/** What waits for the reader, the nearest date first. */
export function TodoScreen() {
  const texts = useMessages();
  const { page = 1 } = useSearch({ from: "/shell/todo" });
  const navigate = useNavigate();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(todoQuery(page));
  const columns = useColumns();
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  const total = data?.total ?? 0;
  return (
    <>
      <PageHeader
        title={data ? texts.counted(texts.todo.title, total) : texts.todo.title}
        windowTitle={total > 0 ? `(${total}) ${texts.todo.title}` : texts.todo.title}
        below={<span>{texts.todo.lead}</span>}
      />
      {isPending ? (
        <Loading />
      ) : (
        <DataList
          label={texts.todo.title}
          columns={columns}
          rows={data?.rows ?? []}
          rowKey={({ task }) => task}
          loading={isPlaceholderData}
          paging={{
            page,
            size: TASKS_PER_PAGE,
            total,
            onChange: (next) => void navigate({ to: "/todo", search: next > 1 ? { page: next } : {} }),
          }}
          empty={<Empty title={texts.todo.empty} hint={texts.todo.emptyHint} />}
        />
      )}
    </>
  );
}

function useColumns(): Column<TodoRow>[] {
  const texts = useMessages();
  const { today, zone } = useMe();
  return [
    {
      name: "light",
      title: texts.light.label,
      width: 108,
      card: "top",
      render: ({ light }) => <LightTag light={light} />,
    },
    {
      name: "item",
      title: texts.todo.item,
      card: "title",
      render: (row) => (
        <>
          <Link className="row-title" to="/tasks/$task" params={{ task: row.task }} title={row.item_title}>
            {row.item_title}
          </Link>
          <div className="row-meta">
            {row.module_title} · {texts.todo.arrived(instantText(row.opened_at, zone))}
          </div>
        </>
      ),
    },
    {
      name: "step",
      title: texts.todo.step,
      width: 190,
      card: "line",
      render: (row) => (
        <>
          <div>
            {row.node_title} {row.late ? <LateTag /> : null}
          </div>
          <div className="row-meta">
            {row.mine
              ? texts.todo.takenByMe
              : row.candidates > 1
                ? texts.todo.candidates(row.candidates)
                : null}
          </div>
        </>
      ),
    },
    {
      name: "unit",
      title: texts.todo.unit,
      width: 150,
      card: "line",
      render: ({ lead_unit }) => lead_unit?.name ?? "",
    },
    {
      name: "due",
      title: texts.todo.due,
      width: 128,
      card: "top",
      render: ({ due }) => <Due due={due} today={today} />,
    },
    {
      name: "action",
      title: texts.todo.action,
      width: 96,
      card: "action",
      render: (row) => (
        <Link
          to="/tasks/$task"
          params={{ task: row.task }}
          aria-label={texts.todo.handleLabel(row.node_title, row.item_title)}
        >
          <Button type="primary" tabIndex={-1}>
            {texts.todo.handle}
          </Button>
        </Link>
      ),
    },
  ];
}
