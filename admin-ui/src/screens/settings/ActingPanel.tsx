import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Tag } from "antd";
import { errorText } from "../../api/errors";
import { actFor, actingQuery, allowActing } from "../../api/queries/acting";
import { keys } from "../../api/queries/keys";
import type { Me } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** In whose name the reader may act, and who acts in his. */
export function ActingPanel({ me }: { me: Me }) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { data, error, refetch } = useQuery(actingQuery);
  const choose = useMutation({
    mutationFn: async (person: string | undefined) => {
      await navigate({ to: "/todo" });
      return actFor(client, person);
    },
    onError: (failure) => message.error(errorText(failure)),
  });
  const allow = useMutation({
    mutationFn: ({ person, allowed }: { person: string; allowed: boolean }) => allowActing(person, allowed),
    onSuccess: (view) => client.setQueryData(keys.acting, view),
    onError: (failure) => message.error(errorText(failure)),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      <h2 className="panel-title">{texts.acting.title}</h2>
      <p className="muted">{data.may_act_for.length > 0 ? texts.acting.hint : texts.acting.nobody}</p>
      <ul className="setting-list" aria-label={texts.acting.title}>
        {data.may_act_for.map(({ id, name }) => (
          <li key={id}>
            <span className="setting-name">{name}</span>
            {me.through && me.person.id === id ? (
              <Tag color="orange">{texts.acting.now}</Tag>
            ) : (
              <Button loading={choose.isPending} onClick={() => choose.mutate(id)}>
                {texts.acting.choose}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data.through.length > 0 && !me.through ? (
        <>
          <h2 className="panel-title">{texts.acting.through}</h2>
          <p className="muted">{texts.acting.throughHint}</p>
          <ul className="setting-list" aria-label={texts.acting.through}>
            {data.through.map(({ person, ended }) => (
              <li key={person.id}>
                <span className="setting-name">{person.name}</span>
                {ended ? <Tag>{texts.acting.ended}</Tag> : null}
                <Button
                  danger={!ended}
                  loading={allow.isPending}
                  onClick={() => allow.mutate({ person: person.id, allowed: ended })}
                >
                  {ended ? texts.acting.allow : texts.acting.end}
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
