import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useMe } from "../../api/queries/session";
import type { ItemTask } from "../../api/types";
import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Due } from "../../ui/Due";

/** The steps that are open, with whom they lie, and the way to one's own. */
export function OpenTasks({ tasks }: { tasks: readonly ItemTask[] }) {
  const texts = useMessages();
  const { today } = useMe();
  if (tasks.length === 0) {
    return <p className="muted">{texts.item.noTasks}</p>;
  }
  return (
    <ul>
      {tasks.map((task) => (
        <li key={task.id} className="open-task">
          <div className="open-task-main">
            <strong>{task.title}</strong>
            <div className="row-meta">
              {task.assignee
                ? texts.item.takenBy(task.assignee.name)
                : task.candidates.length > 0
                  ? texts.item.waitingFor(joined(task.candidates.map(({ name }) => name)))
                  : texts.task.nobody}
            </div>
          </div>
          {task.due ? <Due due={task.due} today={today} /> : null}
          {task.mine ? (
            <Link
              to="/tasks/$task"
              params={{ task: task.id }}
              aria-label={`${texts.item.handle}${texts.colon}${task.title}`}
            >
              <Button type="primary" size="small" tabIndex={-1}>
                {texts.item.handle}
              </Button>
            </Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
