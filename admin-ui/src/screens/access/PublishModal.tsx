import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Input, Modal } from "antd";
import { useId, useState } from "react";
import { errorText } from "../../api/errors";
import { publishPolicies } from "../../api/queries/access";
import type { PolicyDocument } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** Asks why, and publishes. */
export function PublishModal({
  documents,
  base,
  onClose,
}: {
  documents: PolicyDocument[];
  base: number;
  onClose: () => void;
}) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const id = useId();
  const [why, setWhy] = useState("");
  const publish = useMutation({
    mutationFn: () => publishPolicies({ documents, base, why: why.trim() }),
    onSuccess: () => {
      message.success(texts.access.published);
      void client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Modal
      open
      title={texts.access.publish}
      okText={texts.access.publish}
      cancelText={texts.app.cancel}
      okButtonProps={{ disabled: why.trim() === "" }}
      confirmLoading={publish.isPending}
      onCancel={onClose}
      onOk={() => publish.mutate()}
    >
      {publish.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(publish.error)} />
      ) : null}
      <div className="form-field">
        <label htmlFor={id}>{texts.access.why}</label>
        <Input.TextArea
          id={id}
          rows={3}
          maxLength={500}
          value={why}
          onChange={(event) => setWhy(event.target.value)}
        />
        <div className="muted">{texts.access.whyHint}</div>
      </div>
    </Modal>
  );
}
