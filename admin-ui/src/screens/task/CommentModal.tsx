import { Input, Modal } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { type ReactNode, useId, useRef, useState } from "react";
import type { OutcomeView } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** Asks for the comment that an outcome needs, before it is sent. */
export function CommentModal({
  outcome,
  comment,
  onComment,
  pending,
  failure,
  onCancel,
  onSend,
}: {
  outcome: OutcomeView;
  comment: string;
  onComment: (comment: string) => void;
  pending: boolean;
  failure: ReactNode;
  onCancel: () => void;
  onSend: () => void;
}) {
  const texts = useMessages();
  const id = useId();
  const input = useRef<TextAreaRef>(null);
  const [missing, setMissing] = useState(false);
  const invalid = missing && comment.trim() === "";
  return (
    <Modal
      open
      title={outcome.title}
      okText={outcome.title}
      okButtonProps={{ danger: outcome.is_return }}
      cancelText={texts.app.cancel}
      confirmLoading={pending}
      onCancel={onCancel}
      afterOpenChange={(open) => {
        if (open) {
          input.current?.focus({ cursor: "end" });
        }
      }}
      onOk={() => {
        if (comment.trim() === "") {
          setMissing(true);
          input.current?.focus();
        } else {
          onSend();
        }
      }}
    >
      {failure}
      <label className="form-label" htmlFor={id}>
        <span className="form-required">*</span>
        {texts.task.comment}
      </label>
      <Input.TextArea
        id={id}
        ref={input}
        value={comment}
        status={invalid ? "error" : undefined}
        aria-invalid={invalid || undefined}
        aria-required
        aria-describedby={`${id}help`}
        autoSize={{ minRows: 4, maxRows: 12 }}
        onChange={(event) => onComment(event.target.value)}
      />
      <p
        className={invalid ? "form-error" : "form-help"}
        id={`${id}help`}
        role={invalid ? "alert" : undefined}
      >
        {invalid ? texts.task.commentMissing(outcome.title) : texts.task.commentRequired(outcome.title)}
      </p>
    </Modal>
  );
}
