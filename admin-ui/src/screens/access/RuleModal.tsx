import { Form, Input, Modal, Radio, Select } from "antd";
import { useMessages } from "../../i18n/language";
import type { NewRule } from "./writeRule";

/** What a rule can allow or deny. */
const ACTIONS = [
  "read",
  "create",
  "edit",
  "import",
  "export",
  "merge",
  "suspend",
  "instruct",
  "disclose",
  "act_for",
  "urge",
  "resolve",
];

const EMPTY: NewRule = { role: "", deny: false, actions: ["read"], on: "any", when: "", fields: [] };

/** Asks for a rule. Whether its names and its condition are right is checked with the whole document. */
export function RuleModal({ onAdd, onClose }: { onAdd: (rule: NewRule) => void; onClose: () => void }) {
  const texts = useMessages();
  const [form] = Form.useForm<NewRule>();
  const { columns } = texts.access;
  const needed = [{ required: true, message: texts.access.required }];
  return (
    <Modal
      open
      title={texts.access.addRule}
      okText={texts.access.addRule}
      cancelText={texts.app.cancel}
      onCancel={onClose}
      onOk={() =>
        void form.validateFields().then(
          (rule) => onAdd(rule),
          () => undefined,
        )
      }
    >
      <Form form={form} layout="vertical" initialValues={EMPTY} requiredMark={false}>
        <Form.Item name="role" label={columns.role} extra={texts.access.roleHint} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="deny" label={columns.effect}>
          <Radio.Group
            options={[
              { value: false, label: texts.access.allow },
              { value: true, label: texts.access.deny },
            ]}
          />
        </Form.Item>
        <Form.Item name="actions" label={columns.actions} rules={needed}>
          <Select mode="multiple" options={ACTIONS.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="on" label={columns.on} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="when" label={columns.when} extra={texts.access.whenHint}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="fields" label={columns.fields} extra={texts.access.fieldsHint}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、", " "]} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
