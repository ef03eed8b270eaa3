import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ModuleKind } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Empty } from "../../ui/Empty";

/** An empty list, and what to do about it. */
export function NoItems({
  narrowed,
  module,
  kind,
  onClear,
}: {
  narrowed: boolean;
  module: string;
  kind: ModuleKind;
  onClear: () => void;
}) {
  const texts = useMessages();
  if (narrowed) {
    return (
      <Empty title={texts.list.empty} hint={texts.list.emptyFiltered}>
        <Button onClick={onClear}>{texts.list.clear}</Button>
      </Empty>
    );
  }
  const mayImport = kind.may.import && kind.import;
  return (
    <Empty title={texts.list.emptyAll} hint={mayImport ? texts.list.emptyImport : texts.list.emptyNone}>
      {mayImport ? (
        <Link to="/modules/$module/$kind/import" params={{ module, kind: kind.name }}>
          <Button type="primary" tabIndex={-1}>
            {texts.list.import}
          </Button>
        </Link>
      ) : null}
    </Empty>
  );
}
