import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App } from "antd";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { ACCOUNTS_PER_PAGE, endSession, sessionsQuery } from "../../api/queries/security";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { SessionRow } from "../security/SessionRow";

/** Everybody's sessions, for the system administrator. */
export function SessionsScreen() {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { page = 1 } = useSearch({ from: "/shell/admin/sessions" });
  const { data, error, isPending, refetch } = useQuery(sessionsQuery(page));
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions() }),
    onError: (failure) => message.error(errorText(failure)),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (isPending || !data) {
    return <Loading />;
  }
  return (
    <>
      <PageHeader title={texts.admin.sessions} windowTitle={texts.admin.sessions} />
      <ul className="list-table" aria-label={texts.admin.sessions}>
        {data.rows.map((session) => (
          <SessionRow key={session.name} who session={session} onEnd={() => end.mutate(session.name)} />
        ))}
      </ul>
      <Pager
        page={page}
        size={ACCOUNTS_PER_PAGE}
        total={data.total}
        onChange={(next) => void navigate({ to: "/admin/sessions", search: next > 1 ? { page: next } : {} })}
      />
    </>
  );
}
