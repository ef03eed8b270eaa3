import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Modal } from "antd";
import { useRef, useState } from "react";
import { ApiError, errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { reopenItem } from "../../api/queries/items";
import { keys } from "../../api/queries/keys";
import type { ItemView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ChoiceField } from "../../ui/ChoiceField";
import { CommentField } from "../../ui/CommentField";

/** Opens a closed item again, for who may. */
export function Reopen({ item }: { item: ItemView }) {
  const texts = useMessages();
  const [asking, setAsking] = useState(false);
  if (item.reopen.length === 0) {
    return null;
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{texts.item.reopen}</Button>
      {asking ? <ReopenDialog item={item} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

/** Asks for the step and the reason. */
function ReopenDialog({ item, onClose }: { item: ItemView; onClose: () => void }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  const [node, setNode] = useState(item.reopen[0]?.node);
  const [comment, setComment] = useState("");
  const [missing, setMissing] = useState(false);
  const reopen = useMutation({
    mutationFn: (body: { node: string; comment: string }) => reopenItem(item.id, key.current.for(body), body),
    onSuccess: (after) => {
      key.current.settle();
      message.success(texts.item.reopened);
      client.setQueryData(keys.item(item.id), after);
      void client.invalidateQueries();
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError) {
        key.current.settle();
      }
    },
  });
  const send = () => {
    const said = comment.trim();
    const whole = node !== undefined && said !== "";
    setMissing(!whole);
    if (whole) {
      reopen.mutate({ node, comment: said });
    }
  };
  return (
    <Modal
      open
      title={texts.item.reopen}
      okText={texts.item.reopen}
      cancelText={texts.app.cancel}
      confirmLoading={reopen.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={send}
    >
      {reopen.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(reopen.error)} />
      ) : null}
      <p className="dialog-hint">{texts.item.reopenHint}</p>
      <ChoiceField
        label={texts.item.reopenAt}
        required
        missing={missing}
        value={node}
        options={item.reopen.map((step) => ({ value: step.node, label: step.title }))}
        onChange={setNode}
      />
      <CommentField
        required
        problem={missing ? texts.task.commentMissing(texts.item.reopen) : undefined}
        value={comment}
        onChange={setComment}
      />
    </Modal>
  );
}
