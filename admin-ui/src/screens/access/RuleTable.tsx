import { Table, Tag } from "antd";
import type { PolicyRule } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** Rules, one a line, in the order in which they are written. */
export function RuleTable({ rules, label }: { rules: readonly PolicyRule[]; label: string }) {
  const texts = useMessages();
  const { columns, allow, deny, always, whole } = texts.access;
  const rows = rules.map((rule, place) => ({ ...rule, key: place }));
  return (
    <Table
      aria-label={label}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      dataSource={rows}
      columns={[
        { title: columns.role, dataIndex: "role" },
        {
          title: columns.effect,
          dataIndex: "deny",
          render: (denies: boolean) => (
            <Tag color={denies ? "error" : "success"}>{denies ? deny : allow}</Tag>
          ),
        },
        {
          title: columns.actions,
          dataIndex: "actions",
          render: (actions: string[]) => actions.join(texts.listComma),
        },
        { title: columns.on, dataIndex: "on" },
        {
          title: columns.when,
          dataIndex: "when",
          render: (when?: string) => (when ? <code className="access-when">{when}</code> : always),
        },
        {
          title: columns.fields,
          dataIndex: "fields",
          render: (fields?: string[]) => (fields ? fields.join(texts.listComma) : whole),
        },
      ]}
    />
  );
}
