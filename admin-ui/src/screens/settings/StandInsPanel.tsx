import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { endStandIn, SETTINGS_PER_PAGE, standInsQuery, type Whose } from "../../api/queries/acting";
import { keys } from "../../api/queries/keys";
import { useMe } from "../../api/queries/session";
import type { StandInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { StandInModal } from "./StandInModal";

/** Who stands in for whom while he is away: the reader's own, or everybody's for the system administrator. */
export function StandInsPanel({ whose }: { whose: Whose }) {
  const texts = useMessages();
  const [page, setPage] = useState(1);
  const [setting, setSetting] = useState(false);
  const { data, error, refetch } = useQuery(standInsQuery(whose, page));
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="panel">
      <h2 className="panel-title">
        {texts.standIns.title}
        <span className="aside">
          <Button onClick={() => setSetting(true)}>{texts.standIns.set}</Button>
        </span>
      </h2>
      <p className="muted">{texts.standIns.hint}</p>
      {data.rows.length === 0 ? <p>{texts.standIns.none}</p> : null}
      <ul className="setting-list" aria-label={texts.standIns.title}>
        {data.rows.map((row) => (
          <Row key={row.id} row={row} whose={whose} />
        ))}
      </ul>
      <Pager page={page} size={SETTINGS_PER_PAGE} total={data.total} onChange={setPage} />
      {setting ? <StandInModal whose={whose} onClose={() => setSetting(false)} /> : null}
    </section>
  );
}

function Row({ row, whose }: { row: StandInView; whose: Whose }) {
  const texts = useMessages();
  const me = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const end = useMutation({
    mutationFn: () => endStandIn(whose, row.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.standIns() }),
    onError: (failure) => message.error(errorText(failure)),
  });
  return (
    <li>
      <span className="setting-name">
        {texts.standIns.row(row.person.name, row.stand_in.name)}
        <span className="row-meta">
          {texts.standIns.days(row.from, row.to)}
          {row.set_by ? ` · ${texts.standIns.setBy(row.set_by.name)}` : ""}
        </span>
      </span>
      {row.now ? <Tag color="green">{texts.standIns.now}</Tag> : null}
      {whose === "org" || row.person.id === me.person.id ? (
        <Button danger loading={end.isPending} onClick={() => end.mutate()}>
          {texts.standIns.end}
        </Button>
      ) : null}
    </li>
  );
}
