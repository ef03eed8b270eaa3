import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { INCIDENTS_PER_PAGE, incidentsQuery } from "../../api/queries/incidents";
import { useMe } from "../../api/queries/session";
import type { IncidentView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { ResolveModal } from "./ResolveModal";

/** What the reader has to see to: steps that nobody can do, other systems that failed. */
export function IncidentsScreen() {
  const texts = useMessages();
  const navigate = useNavigate();
  const { page = 1 } = useSearch({ from: "/shell/incidents" });
  const { data, error, isPending, refetch } = useQuery(incidentsQuery(page));
  const [resolving, setResolving] = useState<IncidentView>();
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (isPending) {
    return <Loading />;
  }
  const { rows = [], total = 0 } = data ?? {};
  return (
    <>
      <PageHeader title={texts.incidents.title} windowTitle={texts.incidents.title} />
      {rows.length === 0 ? (
        <div className="panel">
          <Empty title={texts.incidents.empty} hint={texts.incidents.emptyHint} />
        </div>
      ) : (
        <ul className="list-table" aria-label={texts.incidents.title}>
          {rows.map((incident) => (
            <Incident key={incident.id} incident={incident} onResolve={() => setResolving(incident)} />
          ))}
        </ul>
      )}
      <Pager
        page={page}
        size={INCIDENTS_PER_PAGE}
        total={total}
        onChange={(next) => void navigate({ to: "/incidents", search: next > 1 ? { page: next } : {} })}
      />
      {resolving ? <ResolveModal incident={resolving} onClose={() => setResolving(undefined)} /> : null}
    </>
  );
}

function Incident({ incident, onResolve }: { incident: IncidentView; onResolve: () => void }) {
  const texts = useMessages();
  const { zone } = useMe();
  return (
    <li className="notice incident">
      <div className="notice-main">
        <div className="notice-title">
          <Link to="/items/$item" params={{ item: incident.root }}>
            {incident.item_title}
          </Link>
        </div>
        <div className="prose">{texts.incidents.at(incident.node_title, incident.text)}</div>
        <div className="row-meta">
          {incident.module_title} · {incident.workflow_title} · {instantText(incident.opened_at, zone)}
        </div>
      </div>
      <Button
        aria-label={`${texts.incidents.resolve}${texts.colon}${incident.node_title}${texts.listComma}${incident.item_title}`}
        onClick={onResolve}
      >
        {texts.incidents.resolve}
      </Button>
    </li>
  );
}
