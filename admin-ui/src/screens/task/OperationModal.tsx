import { Alert, Checkbox, Modal } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import type { Deed } from "../../api/queries/operations";
import type { Operations, Turn } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ChoiceField } from "../../ui/ChoiceField";
import { CommentField } from "../../ui/CommentField";
import { PeopleField } from "../../ui/PeopleField";
import { useOperate } from "./useOperate";

/** What was filled in so far. */
type Filled = {
  people: string[];
  turn: Turn | undefined;
  signer: string | undefined;
  step: string | undefined;
  straight: boolean;
  comment: string;
};

/** The deed that was filled in; none where something is missing. */
export function deedOf(kind: Deed["kind"], filled: Filled): Deed | undefined {
  const said = filled.comment.trim();
  const comment = said === "" ? {} : { comment: said };
  switch (kind) {
    case "transfer":
    case "delegate": {
      const [to] = filled.people;
      return to ? { kind, to, ...comment } : undefined;
    }
    case "return":
      return filled.step && said !== ""
        ? { kind, to: filled.step, straight: filled.straight, ...comment }
        : undefined;
    case "copy":
      return filled.people.length > 0 ? { kind, people: filled.people, ...comment } : undefined;
    case "add-signers":
      return filled.turn && filled.people.length > 0
        ? { kind, people: filled.people, turn: filled.turn, ...comment }
        : undefined;
    case "remove-signer":
      return filled.signer ? { kind, person: filled.signer, ...comment } : undefined;
    default:
      return { kind, ...comment };
  }
}

/** What those are called whom an operation asks for: one `person`, or several. */
const asks: Partial<Record<Deed["kind"], "person" | "people" | "signers">> = {
  transfer: "person",
  delegate: "person",
  copy: "people",
  "add-signers": "signers",
};

/** Asks for what an operation needs, before it is sent. */
export function OperationModal({
  task,
  kind,
  operations,
  onClose,
}: {
  /** The task's id. */
  task: string;
  kind: Deed["kind"];
  /** Between what an operation of the task's own page chooses. */
  operations?: Operations;
  onClose: () => void;
}) {
  const texts = useMessages();
  const { return_to: steps = [], add_signers: turns = [], remove_signers: signers = [] } = operations ?? {};
  const [filled, setFilled] = useState<Filled>({
    people: [],
    turn: turns.includes("beside") ? "beside" : turns[0],
    signer: undefined,
    step: steps.at(-1)?.node,
    straight: false,
    comment: "",
  });
  const [missing, setMissing] = useState(false);
  const operate = useOperate(task, onClose);
  const fill = (more: Partial<Filled>) => setFilled((before) => ({ ...before, ...more }));
  const send = () => {
    const deed = deedOf(kind, filled);
    setMissing(deed === undefined);
    if (deed) {
      operate.mutate(deed);
    }
  };
  const name = texts.operations.name[kind];
  const asked = asks[kind];
  return (
    <Modal
      open
      title={name}
      okText={name}
      okButtonProps={{ danger: kind === "return" }}
      cancelText={texts.app.cancel}
      confirmLoading={operate.isPending}
      onCancel={onClose}
      onOk={send}
    >
      {operate.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(operate.error)} />
      ) : null}
      <p className="dialog-hint">{texts.operations.hint[kind]}</p>
      {asked ? (
        <PeopleField
          label={texts.operations[asked]}
          one={asked === "person"}
          missing={missing}
          value={filled.people}
          onChange={(people) => fill({ people })}
        />
      ) : null}
      {kind === "add-signers" && turns.length > 1 ? (
        <ChoiceField
          label={texts.operations.turn}
          required
          value={filled.turn}
          options={turns.map((turn) => ({ value: turn, label: texts.operations.turns[turn] }))}
          onChange={(turn) => fill({ turn: turns.find((one) => one === turn) })}
        />
      ) : null}
      {kind === "remove-signer" ? (
        <ChoiceField
          label={texts.operations.signer}
          required
          missing={missing}
          value={filled.signer}
          options={signers.map(({ id, name: person }) => ({ value: id, label: person }))}
          onChange={(signer) => fill({ signer })}
        />
      ) : null}
      {kind === "return" ? (
        <>
          <ChoiceField
            label={texts.operations.step}
            required
            missing={missing}
            value={filled.step}
            options={steps.map(({ node, title }) => ({ value: node, label: title }))}
            onChange={(step) => fill({ step })}
          />
          <Checkbox
            className="form-field"
            checked={filled.straight}
            onChange={(event) => fill({ straight: event.target.checked })}
          >
            {texts.operations.straight}
          </Checkbox>
        </>
      ) : null}
      <CommentField
        required={kind === "return"}
        problem={missing ? texts.task.commentMissing(name) : undefined}
        value={filled.comment}
        onChange={(comment) => fill({ comment })}
      />
    </Modal>
  );
}
