import { Alert, Checkbox, Input, Modal, Select } from "antd";
import { useId, useState } from "react";
import { errorText } from "../../api/errors";
import type { Deed } from "../../api/queries/operations";
import type { TaskView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { useOperate } from "./useOperate";

/** What was filled in so far. */
type Filled = {
  to: string | undefined;
  people: string[];
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
    case "delegate":
      return filled.to ? { kind, to: filled.to, ...comment } : undefined;
    case "return":
      return filled.step && said !== ""
        ? { kind, to: filled.step, straight: filled.straight, ...comment }
        : undefined;
    case "copy":
      return filled.people.length > 0 ? { kind, people: filled.people, ...comment } : undefined;
    default:
      return { kind, ...comment };
  }
}

/** Asks for what an operation needs, before it is sent. */
export function OperationModal({
  task,
  kind,
  onClose,
}: {
  task: TaskView;
  kind: Deed["kind"];
  onClose: () => void;
}) {
  const texts = useMessages();
  const id = useId();
  const steps = task.operations.return_to;
  const [filled, setFilled] = useState<Filled>({
    to: undefined,
    people: [],
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
      <p className="form-help">{texts.operations.hint[kind]}</p>
      {kind === "transfer" || kind === "delegate" ? (
        <div className="form-field">
          <label className="form-label" htmlFor={`${id}to`}>
            <span className="form-required">*</span>
            {texts.operations.person}
          </label>
          <DirectoryPicker
            kind="person"
            id={`${id}to`}
            label={texts.operations.person}
            invalid={missing && !filled.to}
            value={filled.to}
            onChange={(to) => fill({ to })}
          />
        </div>
      ) : null}
      {kind === "copy" ? (
        <div className="form-field">
          <label className="form-label" htmlFor={`${id}people`}>
            <span className="form-required">*</span>
            {texts.operations.people}
          </label>
          <DirectoryPicker
            kind="person"
            multiple
            id={`${id}people`}
            label={texts.operations.people}
            invalid={missing && filled.people.length === 0}
            value={filled.people}
            onChange={(people) => fill({ people })}
          />
        </div>
      ) : null}
      {kind === "return" ? (
        <div className="form-field">
          <label className="form-label" htmlFor={`${id}step`}>
            <span className="form-required">*</span>
            {texts.operations.step}
          </label>
          <Select
            id={`${id}step`}
            className="wide"
            value={filled.step}
            options={steps.map(({ node, title }) => ({ value: node, label: title }))}
            onChange={(step: string) => fill({ step })}
          />
          <Checkbox checked={filled.straight} onChange={(event) => fill({ straight: event.target.checked })}>
            {texts.operations.straight}
          </Checkbox>
        </div>
      ) : null}
      <label className="form-label" htmlFor={`${id}comment`}>
        {kind === "return" ? <span className="form-required">*</span> : null}
        {texts.task.comment}
      </label>
      <Input.TextArea
        id={`${id}comment`}
        value={filled.comment}
        autoSize={{ minRows: 3, maxRows: 10 }}
        status={missing && kind === "return" && filled.comment.trim() === "" ? "error" : undefined}
        onChange={(event) => fill({ comment: event.target.value })}
      />
      {missing ? (
        <p className="form-error" role="alert">
          {texts.operations.missing}
        </p>
      ) : null}
    </Modal>
  );
}
