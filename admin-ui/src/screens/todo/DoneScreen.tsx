import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMe } from "../../api/queries/session";
import { doneQuery, TASKS_PER_PAGE } from "../../api/queries/tasks";
import type { TodoRow } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { type Column, DataList } from "../../lists/DataList";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { LightTag } from "../../ui/LightTag";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";

/** What the reader has completed, the newest first. */
export function DoneScreen() {
  const texts = useMessages();
  const { page = 1 } = useSearch({ from: "/shell/done" });
  const navigate = useNavigate();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(doneQuery(page));
  const columns = useColumns();
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <PageHeader title={texts.done.title} windowTitle={texts.done.title} />
      {isPending ? (
        <Loading />
      ) : (
        <DataList
          label={texts.done.title}
          columns={columns}
          rows={data?.rows ?? []}
          rowKey={({ task }) => task}
          loading={isPlaceholderData}
          paging={{
            page,
            size: TASKS_PER_PAGE,
            total: data?.total ?? 0,
            onChange: (next) => void navigate({ to: "/done", search: next > 1 ? { page: next } : {} }),
          }}
          empty={<Empty title={texts.done.empty} hint={texts.done.emptyHint} />}
        />
      )}
    </>
  );
}

function useColumns(): Column<TodoRow>[] {
  const texts = useMessages();
  const { zone } = useMe();
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
          <Link
            className="row-title"
            to="/tasks/$task"
            params={{ task: row.task }}
            aria-label={texts.done.viewLabel(row.item_title)}
            title={row.item_title}
          >
            {row.item_title}
          </Link>
          <div className="row-meta">{row.module_title}</div>
        </>
      ),
    },
    {
      name: "step",
      title: texts.todo.step,
      width: 170,
      card: "line",
      render: ({ node_title }) => node_title,
    },
    {
      name: "outcome",
      title: texts.done.outcome,
      width: 110,
      card: "line",
      render: ({ outcome_title }) => outcome_title ?? "",
    },
    {
      name: "unit",
      title: texts.todo.unit,
      width: 150,
      card: "line",
      render: ({ lead_unit }) => lead_unit?.name ?? "",
    },
    {
      name: "at",
      title: texts.done.at,
      width: 150,
      card: "line",
      render: ({ closed_at }) => (
        <span className="nowrap">{closed_at ? instantText(closed_at, zone) : ""}</span>
      ),
    },
  ];
}
