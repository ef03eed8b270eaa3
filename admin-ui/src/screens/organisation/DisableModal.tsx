import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Modal, Radio } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { disablePerson } from "../../api/queries/organisation";
import type { LeavingInput, OrgPersonView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { DirectoryPicker } from "../../ui/DirectoryPicker";

const RULES = ["successor", "candidates", "person", "incident"] as const;

/** Disables an account and says what becomes of the open tasks. */
export function DisableModal({ person, onClose }: { person: OrgPersonView; onClose: () => void }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [tasks, setTasks] = useState<LeavingInput["tasks"]>("successor");
  const [to, setTo] = useState<string>();
  const disable = useMutation({
    mutationFn: () => disablePerson(person.id, { tasks, ...(tasks === "person" ? { person: to } : {}) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.org() });
      message.success(texts.organisation.disabled);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={texts.organisation.disableTitle(person.name)}
      okText={texts.organisation.disable}
      cancelText={texts.app.cancel}
      okButtonProps={{ danger: true, loading: disable.isPending, disabled: tasks === "person" && !to }}
      onCancel={onClose}
      onOk={() => disable.mutate()}
    >
      {disable.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(disable.error)} />
      ) : null}
      <p>{texts.organisation.disableHint}</p>
      <Radio.Group value={tasks} onChange={({ target }) => setTasks(target.value)}>
        {RULES.map((rule) => (
          <Radio key={rule} value={rule} className="full">
            {texts.organisation.tasks[rule]}
          </Radio>
        ))}
      </Radio.Group>
      {tasks === "person" ? (
        <DirectoryPicker kind="person" label={texts.organisation.tasks.person} value={to} onChange={setTo} />
      ) : null}
    </Modal>
  );
}
