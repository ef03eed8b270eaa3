import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Tag } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { enablePerson, ORG_PER_PAGE, orgPeopleQuery } from "../../api/queries/organisation";
import { useMe } from "../../api/queries/session";
import type { OrgPersonView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { DisableModal } from "./DisableModal";

/** People with their posts; who has left is disabled here. */
export function PeoplePanel() {
  const texts = useMessages();
  const [q, setQ] = useState("");
  const [unit, setUnit] = useState<string>();
  const [page, setPage] = useState(1);
  const [leaving, setLeaving] = useState<OrgPersonView>();
  const { data, error, refetch } = useQuery(orgPeopleQuery(q, unit, page));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      <div className="console-filters">
        <Input.Search
          allowClear
          aria-label={texts.organisation.search}
          placeholder={texts.organisation.search}
          onSearch={(typed) => {
            setQ(typed.trim());
            setPage(1);
          }}
        />
        <DirectoryPicker
          kind="unit"
          label={texts.organisation.allUnits}
          placeholder={texts.organisation.allUnits}
          value={unit}
          onChange={(next) => {
            setUnit(next);
            setPage(1);
          }}
        />
      </div>
      {data.rows.length === 0 ? <Empty title={texts.organisation.noPeople} /> : null}
      <ul className="setting-list" aria-label={texts.organisation.tabs.people}>
        {data.rows.map((person) => (
          <PersonRow key={person.id} person={person} onDisable={() => setLeaving(person)} />
        ))}
      </ul>
      <Pager page={page} size={ORG_PER_PAGE} total={data.total} onChange={setPage} />
      {leaving ? <DisableModal person={leaving} onClose={() => setLeaving(undefined)} /> : null}
    </section>
  );
}

function PersonRow({ person, onDisable }: { person: OrgPersonView; onDisable: () => void }) {
  const texts = useMessages();
  const me = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const enable = useMutation({
    mutationFn: () => enablePerson(person.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.org() });
      message.success(texts.organisation.enabled);
    },
    onError: (failure) => message.error(errorText(failure)),
  });
  const posts = person.posts.map(({ title, unit }) => [unit?.name, title].filter(Boolean).join(" "));
  return (
    <li>
      <span className="setting-name">
        {person.name} <span className="muted">{person.code}</span>
        <span className="row-meta">
          {[person.title, posts.length > 0 ? posts.join(texts.listComma) : texts.organisation.noPost]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      {person.active ? null : <Tag>{texts.organisation.left}</Tag>}
      {person.active && person.id !== me.person.id ? (
        <Button danger onClick={onDisable}>
          {texts.organisation.disable}
        </Button>
      ) : null}
      {person.active ? null : (
        <Button loading={enable.isPending} onClick={() => enable.mutate()}>
          {texts.organisation.enable}
        </Button>
      )}
    </li>
  );
}
