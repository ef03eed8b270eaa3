import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { errorText } from "../../api/errors";
import { explainQuery } from "../../api/queries/access";
import { useMessages } from "../../i18n/language";
import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { Explanation } from "./Explanation";

/** Why a person may do something with an item, or may not. */
export function ExplainPanel() {
  const texts = useMessages();
  const [person, setPerson] = useState<string>();
  const [item, setItem] = useState("");
  const [action, setAction] = useState("read");
  const [asked, setAsked] = useState({ item: "", person: "", action: "read" });
  const { data, error, isFetching } = useQuery(explainQuery(asked.item, asked.person, asked.action));
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ item: item.trim(), person: person ?? "", action: action.trim() || "read" });
  };
  return (
    <div className="panel">
      <form className="access-ask" onSubmit={ask}>
        <DirectoryPicker
          kind="person"
          id="explained-person"
          label={texts.access.person}
          placeholder={texts.access.person}
          value={person}
          onChange={setPerson}
        />
        <Input
          aria-label={texts.access.item}
          placeholder={texts.access.item}
          value={item}
          onChange={(event) => setItem(event.target.value)}
        />
        <Input
          aria-label={texts.access.action}
          placeholder={texts.access.action}
          value={action}
          onChange={(event) => setAction(event.target.value)}
        />
        <Button
          type="primary"
          htmlType="submit"
          disabled={item.trim() === "" || person === undefined}
          loading={isFetching}
        >
          {texts.access.ask}
        </Button>
      </form>
      {error ? <Alert type="error" showIcon title={errorText(error)} /> : null}
      {data && !error ? <Explanation explained={data} /> : null}
    </div>
  );
}
