import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, DatePicker, Form, Modal } from "antd";
import type { Dayjs } from "dayjs";
import dayjs from "dayjs";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { setStandIn, type Whose } from "../../api/queries/acting";
import { keys } from "../../api/queries/keys";
import { useMe } from "../../api/queries/session";
import { useMessages } from "../../i18n/language";
import { DirectoryPicker } from "../../ui/DirectoryPicker";

const DAY = "YYYY-MM-DD";

/** Sets who stands in from one day to another. */
export function StandInModal({ whose, onClose }: { whose: Whose; onClose: () => void }) {
  const texts = useMessages();
  const { today } = useMe();
  const client = useQueryClient();
  const [person, setPerson] = useState<string>();
  const [standIn, setOne] = useState<string>();
  const [days, setDays] = useState<[Dayjs, Dayjs]>();
  const set = useMutation({
    mutationFn: (body: { person?: string; stand_in: string; from: string; to: string }) =>
      setStandIn(whose, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.standIns() });
      onClose();
    },
  });
  const complete = standIn && days && (whose === "me" || person);
  return (
    <Modal
      open
      title={texts.standIns.set}
      okText={texts.app.confirm}
      cancelText={texts.app.cancel}
      okButtonProps={{ disabled: !complete, loading: set.isPending }}
      onCancel={onClose}
      onOk={() => {
        if (standIn && days) {
          const [from, to] = days;
          set.mutate({ person, stand_in: standIn, from: from.format(DAY), to: to.format(DAY) });
        }
      }}
    >
      {set.error ? <Alert className="summary" type="error" showIcon title={errorText(set.error)} /> : null}
      <Form layout="vertical">
        {whose === "org" ? (
          <Form.Item label={texts.standIns.away}>
            <DirectoryPicker kind="person" label={texts.standIns.away} value={person} onChange={setPerson} />
          </Form.Item>
        ) : null}
        <Form.Item label={texts.standIns.standIn}>
          <DirectoryPicker kind="person" label={texts.standIns.standIn} value={standIn} onChange={setOne} />
        </Form.Item>
        <Form.Item label={texts.standIns.period} extra={texts.standIns.periodHint}>
          <DatePicker.RangePicker
            className="full"
            minDate={dayjs(today)}
            onChange={(chosen) => setDays(chosen?.[0] && chosen[1] ? [chosen[0], chosen[1]] : undefined)}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
