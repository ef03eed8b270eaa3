import { DownOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import type { ModuleKind } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { CreateDrawer } from "./CreateDrawer";

/** The name of the workflow's start, which no node has. */
const START = "";

/** Creates an item: where its workflow starts, or at one of the steps at which the reader may enter one. */
export function CreateButtons({ module, kind }: { module: string; kind: ModuleKind }) {
  const texts = useMessages();
  const [open, setOpen] = useState<string>();
  const { enter } = kind;
  const entries = enter.map(({ node, title }) => ({ key: node, label: texts.list.createAt(title) }));
  const close = () => setOpen(undefined);
  return (
    <>
      {entries.length > 0 ? (
        <Dropdown trigger={["click"]} menu={{ items: entries, onClick: ({ key }) => setOpen(key) }}>
          <Button icon={<DownOutlined aria-hidden />} iconPlacement="end">
            {texts.list.enter}
          </Button>
        </Dropdown>
      ) : null}
      {kind.may.create ? (
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen(START)}>
          {texts.list.create}
        </Button>
      ) : null}
      {/* What was typed stays while the page is open: each has a drawer of its own. */}
      {kind.may.create ? (
        <CreateDrawer module={module} kind={kind} open={open === START} onClose={close} />
      ) : null}
      {enter.map((entry) => (
        <CreateDrawer
          key={entry.node}
          module={module}
          kind={kind}
          entry={entry}
          open={open === entry.node}
          onClose={close}
        />
      ))}
    </>
  );
}
