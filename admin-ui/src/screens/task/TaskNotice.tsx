import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button } from "antd";
import { useRef, useState } from "react";
import { errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { keys } from "../../api/queries/keys";
import { useMe } from "../../api/queries/session";
import { claimTask } from "../../api/queries/tasks";
import type { Ref, TaskView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { useDoer } from "../../ui/useDoer";
import { OperationModal } from "./OperationModal";
import { Withdraw } from "./Withdraw";

/** What stands above a task's form: that it is closed, that it may be taken, that it is somebody else's. */
export function TaskNotice({ task }: { task: TaskView }) {
  const texts = useMessages();
  if (task.state !== "open") {
    return <ClosedNotice task={task} />;
  }
  if (task.item.state === "suspended" || task.root_item?.state === "suspended") {
    return <Alert className="summary" type="warning" showIcon title={texts.task.suspended} />;
  }
  if (task.occupied) {
    return <Alert className="summary" type="warning" showIcon title={texts.task.occupied(task.occupied)} />;
  }
  if (task.late) {
    return <Alert className="summary" type="info" showIcon title={texts.task.lateHint} />;
  }
  // A task that only one person may do needs no taking.
  if (task.may.claim && task.candidates.length > 1) {
    return <ClaimNotice task={task} />;
  }
  if (task.operations.delegated_by) {
    return <DelegatedNotice task={task} owner={task.operations.delegated_by} />;
  }
  if (!task.may.complete) {
    return <Alert className="summary" type="info" showIcon title={texts.task.notYours} />;
  }
  return null;
}

function ClosedNotice({ task }: { task: TaskView }) {
  const texts = useMessages();
  const doer = useDoer();
  const { zone } = useMe();
  const { closed } = task;
  const at = closed ? instantText(closed.at, zone) : "";
  const said =
    task.state === "cancelled"
      ? texts.task.cancelledAt(at)
      : closed?.by
        ? texts.task.completedBy(doer(closed.by, closed.through), at)
        : texts.task.completedAt(at);
  return (
    <Alert
      className="summary"
      type={task.state === "completed" ? "success" : "info"}
      showIcon
      title={said}
      description={
        <>
          {closed?.outcome_title ? <p>{texts.task.outcome(closed.outcome_title)}</p> : null}
          <Link to="/items/$item" params={{ item: (task.root_item ?? task.item).id }}>
            {texts.task.seeResult}
          </Link>
          {task.operations.withdraw_seconds ? (
            <Withdraw task={task.id} seconds={task.operations.withdraw_seconds} />
          ) : null}
        </>
      }
    />
  );
}

/** To whom a task was delegated, and the way back: handing it back for the one, taking it back for the other. */
function DelegatedNotice({ task, owner }: { task: TaskView; owner: Ref }) {
  const texts = useMessages();
  const { person } = useMe();
  const [asking, setAsking] = useState(false);
  if (!task.operations.hand_back) {
    return <Alert className="summary" type="info" showIcon title={texts.task.notYours} />;
  }
  const mine = owner.id === person.id;
  const kind = mine ? "take-back" : "hand-back";
  return (
    <>
      <Alert
        className="summary"
        type="info"
        showIcon
        title={
          mine
            ? texts.operations.delegatedTo(task.assignee?.name ?? "")
            : texts.operations.delegatedBy(owner.name)
        }
        action={
          <Button type={mine ? "default" : "primary"} onClick={() => setAsking(true)}>
            {texts.operations.name[kind]}
          </Button>
        }
      />
      {asking ? <OperationModal task={task.id} kind={kind} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function ClaimNotice({ task }: { task: TaskView }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  const claim = useMutation({
    mutationFn: () => claimTask(task.id, key.current.for("claim")),
    onSuccess: (claimed) => {
      key.current.settle();
      client.setQueryData(keys.task(task.id), claimed);
      void client.invalidateQueries({ queryKey: keys.todo() });
      message.success(texts.task.claimed);
    },
    onError: (error) => {
      message.error(errorText(error));
      void client.invalidateQueries({ queryKey: keys.task(task.id) });
    },
  });
  return (
    <Alert
      className="summary"
      type="info"
      showIcon
      title={texts.task.claimHint(task.candidates.length)}
      action={
        <Button type="primary" loading={claim.isPending} onClick={() => claim.mutate()}>
          {texts.task.claim}
        </Button>
      }
    />
  );
}
