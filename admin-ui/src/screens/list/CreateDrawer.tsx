import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Drawer } from "antd";
import { useRef } from "react";
import { ApiError, errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { createItem } from "../../api/queries/items";
import type { EntryView, ModuleKind } from "../../api/types";
import { SchemaForm } from "../../forms/SchemaForm";
import { fieldProblems, useFormState } from "../../forms/useFormState";
import { useMessages } from "../../i18n/language";

type Props = {
  module: string;
  kind: ModuleKind;
  /** The step at which the item begins; none: where its workflow starts. */
  entry?: EntryView;
  open: boolean;
  onClose: () => void;
};

/** Creates an item from its kind's form, or from that of the step at which it begins. What was typed stays when the drawer is closed and opened again. */
export function CreateDrawer({ module, kind, entry, open, onClose }: Props) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const asked = entry?.form ?? kind.form;
  // Fields that only the platform sets are not asked for.
  const form = useRef({ ...asked, fields: asked.fields.filter(({ read_only }) => !read_only) }).current;
  const state = useFormState(form, {});
  const key = useRef(new CommandKey());
  const create = useMutation({
    mutationFn: () => {
      const body = { fields: state.values, ...(entry ? { enter: entry.node } : {}) };
      return createItem(module, kind.name, key.current.for(body), body);
    },
    onSuccess: async (item) => {
      key.current.settle();
      message.success(texts.list.created);
      void client.invalidateQueries();
      onClose();
      await navigate({ to: "/items/$item", params: { item: item.id } });
    },
    onError: (error) => {
      if (error instanceof ApiError) {
        key.current.settle();
        state.refuse(fieldProblems(error).filter(({ field }) => field !== ""));
      }
    },
  });
  const told = fieldProblems(create.error).some(({ field }) => field !== "");
  return (
    <Drawer
      open={open}
      title={`${entry ? texts.list.createAt(entry.title) : texts.list.create}${texts.colon}${kind.title}`}
      size="min(640px, 100vw)"
      onClose={onClose}
      footer={
        <div className="drawer-foot">
          <Button onClick={onClose}>{texts.app.cancel}</Button>
          <Button
            type="primary"
            loading={create.isPending}
            onClick={() => {
              if (state.check()) {
                create.mutate();
              }
            }}
          >
            {texts.list.create}
          </Button>
        </div>
      }
    >
      {create.error && !told ? (
        <Alert className="summary" type="error" showIcon title={errorText(create.error)} />
      ) : null}
      <SchemaForm state={state} />
    </Drawer>
  );
}
