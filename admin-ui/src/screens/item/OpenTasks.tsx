import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useMe } from "../../api/queries/session";
import type { ItemTask } from "../../api/types";
import { joined } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Due } from "../../ui/Due";
import { LateTag } from "../../ui/LateTag";
import { OperationModal } from "../task/OperationModal";

/** The steps that are open, with whom they lie, the way to one's own, and urging those who keep others waiting. */
export function OpenTasks({ tasks }: { tasks: readonly ItemTask[] }) {
  const texts = useMessages();
  const [urged, setUrged] = useState<ItemTask>();
  if (tasks.length === 0) {
    return <p className="muted">{texts.item.noTasks}</p>;
  }
  return (
    <>
      <ul>
        {tasks.map((task) => (
          <OpenTask key={task.id} task={task} onUrge={() => setUrged(task)} />
        ))}
      </ul>
      {urged ? <OperationModal task={urged.id} kind="urge" onClose={() => setUrged(undefined)} /> : null}
    </>
  );
}

function OpenTask({ task, onUrge }: { task: ItemTask; onUrge: () => void }) {
  const texts = useMessages();
  const { today } = useMe();
  const lies = task.assignee
    ? texts.item.takenBy(task.assignee.name)
    : task.candidates.length > 0
      ? texts.item.waitingFor(joined(task.candidates.map(({ name }) => name)))
      : texts.task.nobody;
  const way = task.mine ? texts.item.handle : task.delegated ? texts.operations.name["take-back"] : undefined;
  return (
    <li className="open-task">
      <div className="open-task-main">
        <strong>{task.title}</strong> {task.late ? <LateTag /> : null}
        <div className="row-meta">{lies}</div>
      </div>
      {task.due ? <Due due={task.due} today={today} /> : null}
      {task.urge && way === undefined && !task.late ? (
        <Button
          size="small"
          aria-label={`${texts.operations.name.urge}${texts.colon}${task.title}${texts.listComma}${lies}`}
          onClick={onUrge}
        >
          {texts.operations.name.urge}
        </Button>
      ) : null}
      {way ? (
        <Link to="/tasks/$task" params={{ task: task.id }} aria-label={`${way}${texts.colon}${task.title}`}>
          <Button type={task.mine ? "primary" : "default"} size="small" tabIndex={-1}>
            {way}
          </Button>
        </Link>
      ) : null}
    </li>
  );
}
