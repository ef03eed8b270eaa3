import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "../../api/queries/session";
import { taskQuery } from "../../api/queries/tasks";
import type { TaskView } from "../../api/types";
import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Due } from "../../ui/Due";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { learnItem } from "../../ui/learnItem";
import { PageHeader } from "../../ui/PageHeader";
import { Earlier } from "./Earlier";
import { Members } from "./Members";
import { TaskFacts } from "./TaskFacts";
import { TaskNotice } from "./TaskNotice";
import { TaskWork } from "./TaskWork";

/** One task: the item it is about, what was done before, its form, and the ways to end it. */
export function TaskScreen() {
  const { task: id } = useParams({ from: "/shell/tasks/$task" });
  const { data: task, error, refetch } = useQuery(taskQuery(id));
  if (error && !task) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return task ? <Task key={task.id} task={task} /> : <Loading rows={10} />;
}

function Task({ task }: { task: TaskView }) {
  const texts = useMessages();
  const item = task.root_item ?? task.item;
  useEffect(() => {
    learnItem(task.item);
    learnItem(task.root_item);
  }, [task.item, task.root_item]);
  return (
    <>
      <PageHeader
        title={task.title}
        windowTitle={`${task.title} · ${item.title}`}
        above={
          <Link to={task.state === "open" ? "/todo" : "/done"}>
            ← {task.state === "open" ? texts.nav.todo : texts.nav.done}
          </Link>
        }
        below={<TaskMeta task={task} />}
      />
      <TaskFacts item={item} />
      <div className={task.form ? "two-columns task-columns" : ""}>
        <div className="task-earlier">
          {task.members.length > 0 ? <Members members={task.members} /> : null}
          <section className="panel" aria-labelledby="earlier">
            <h2 className="panel-title" id="earlier">
              {texts.task.earlier}
            </h2>
            <Earlier entries={task.earlier} />
          </section>
        </div>
        <section className="panel" aria-labelledby="work">
          <h2 className="panel-title" id="work">
            {task.form?.title ?? texts.task.opinion}
          </h2>
          <TaskNotice task={task} />
          <TaskWork task={task} />
        </section>
      </div>
    </>
  );
}

function TaskMeta({ task }: { task: TaskView }) {
  const texts = useMessages();
  const { today } = useMe();
  const people = task.assignee ? [task.assignee] : task.candidates;
  return (
    <>
      <span>{task.workflow_title}</span>
      {task.due && task.state === "open" ? (
        <span className="inline-due">
          {texts.task.due} <Due due={task.due} today={today} />
        </span>
      ) : null}
      {task.state === "open" ? (
        <span>
          {task.assignee
            ? texts.task.takenBy(task.assignee.name)
            : people.length > 0
              ? `${texts.task.candidates}${texts.colon}${joined(people.map(({ name }) => name))}`
              : texts.task.nobody}
        </span>
      ) : null}
    </>
  );
}
