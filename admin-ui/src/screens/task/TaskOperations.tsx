import { Button, Dropdown } from "antd";
import { useState } from "react";
import type { Deed } from "../../api/queries/operations";
import type { TaskView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { OperationModal } from "./OperationModal";

/** What the menu offers, in its order. Handing back stands in the notice above. */
export function offered({ operations }: TaskView): Deed["kind"][] {
  const all: [Deed["kind"], boolean][] = [
    ["transfer", operations.transfer],
    ["delegate", operations.delegate],
    ["return", operations.return_to.length > 0],
    ["add-signers", operations.add_signers.length > 0],
    ["remove-signer", operations.remove_signers.length > 0],
    ["copy", operations.copy],
    ["urge", operations.urge],
  ];
  return all.filter(([, may]) => may).map(([kind]) => kind);
}

/** The menu of what may be done with a task beside completing it. */
export function TaskOperations({ task }: { task: TaskView }) {
  const texts = useMessages();
  const [chosen, setChosen] = useState<Deed["kind"]>();
  const kinds = offered(task);
  if (kinds.length === 0) {
    return null;
  }
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: kinds.map((kind) => ({ key: kind, label: texts.operations.name[kind] })),
          onClick: ({ key }) => setChosen(kinds.find((kind) => kind === key)),
        }}
      >
        <Button>{texts.operations.more}</Button>
      </Dropdown>
      {chosen ? (
        <OperationModal
          task={task.id}
          kind={chosen}
          operations={task.operations}
          onClose={() => setChosen(undefined)}
        />
      ) : null}
    </>
  );
}
