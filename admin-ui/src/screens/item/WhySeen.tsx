import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { explainQuery } from "../../api/queries/access";
import { useMessages } from "../../i18n/language";
import { Loading } from "../../ui/Loading";
import { Explanation } from "../access/Explanation";

/** Which rule lets the reader see this item. */
export function WhySeen({ item }: { item: string }) {
  const texts = useMessages();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...explainQuery(item, "", "read"), enabled: open });
  return (
    <>
      <Button type="text" onClick={() => setOpen(true)}>
        {texts.access.explain}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={texts.access.explain}
        styles={{ wrapper: { maxWidth: "100%" } }}
      >
        {error ? <Alert type="error" showIcon title={errorText(error)} /> : null}
        {data ? <Explanation explained={data} /> : error ? null : <Loading rows={4} />}
      </Drawer>
    </>
  );
}
