import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { errorText } from "../../api/errors";
import { exportItems, type ItemsQuery } from "../../api/queries/items";
import type { ModuleKind } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { save } from "../../ui/save";
import { CreateButtons } from "./CreateButtons";

/** What may be done with a list: create, import, export. */
export function ListActions({
  module,
  kind,
  query,
}: {
  module: string;
  kind: ModuleKind;
  query: ItemsQuery;
}) {
  const texts = useMessages();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const exporting = useMutation({
    mutationFn: () => exportItems(query),
    onSuccess: ({ blob, name }) => {
      save(blob, name);
      message.success(texts.list.exported);
    },
    onError: (error) => message.error(errorText(error)),
  });
  return (
    <>
      {kind.may.export ? (
        <Button
          icon={<DownloadOutlined aria-hidden />}
          loading={exporting.isPending}
          onClick={() => exporting.mutate()}
        >
          {exporting.isPending ? texts.list.exporting : texts.list.export}
        </Button>
      ) : null}
      {kind.may.import && kind.import ? (
        <Button
          type={kind.may.create ? "default" : "primary"}
          icon={<UploadOutlined aria-hidden />}
          onClick={() =>
            void navigate({ to: "/modules/$module/$kind/import", params: { module, kind: kind.name } })
          }
        >
          {texts.list.import}
        </Button>
      ) : null}
      <CreateButtons module={module} kind={kind} />
    </>
  );
}
