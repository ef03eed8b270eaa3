import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button } from "antd";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { NOTICES_PER_PAGE, noticesQuery, readAllNotices, readNotice } from "../../api/queries/notices";
import { useMe } from "../../api/queries/session";
import type { NoticeView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";

/** What the platform told the reader. */
export function NoticesScreen() {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { page = 1 } = useSearch({ from: "/shell/notices" });
  const { data, error, isPending, refetch } = useQuery(noticesQuery(page));
  const settled = {
    onSuccess: () => client.invalidateQueries({ queryKey: keys.notices() }),
    onError: (failure: Error) => message.error(errorText(failure)),
  };
  const readOne = useMutation({ mutationFn: readNotice, ...settled });
  const readAll = useMutation({ mutationFn: readAllNotices, ...settled });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (isPending) {
    return <Loading />;
  }
  const { rows = [], total = 0, unread = 0 } = data ?? {};
  return (
    <>
      <PageHeader title={texts.notices.title} windowTitle={texts.notices.title}>
        {unread > 0 ? (
          <Button loading={readAll.isPending} onClick={() => readAll.mutate()}>
            {texts.notices.readAll}
          </Button>
        ) : null}
      </PageHeader>
      {rows.length === 0 ? (
        <div className="panel">
          <Empty title={texts.notices.empty} hint={texts.notices.emptyHint} />
        </div>
      ) : (
        <ul className="list-table" aria-label={texts.notices.title}>
          {rows.map((notice) => (
            <Notice key={notice.id} notice={notice} onRead={() => readOne.mutate(notice.id)} />
          ))}
        </ul>
      )}
      <Pager
        page={page}
        size={NOTICES_PER_PAGE}
        total={total}
        onChange={(next) => void navigate({ to: "/notices", search: next > 1 ? { page: next } : {} })}
      />
    </>
  );
}

function Notice({ notice, onRead }: { notice: NoticeView; onRead: () => void }) {
  const texts = useMessages();
  const { zone } = useMe();
  const read = () => {
    if (!notice.read) {
      onRead();
    }
  };
  const title = (
    <>
      {notice.title}
      {notice.read ? null : <span className="visually-hidden"> {texts.notices.unread}</span>}
    </>
  );
  return (
    <li className={notice.read ? "notice" : "notice notice-unread"}>
      <span className="notice-dot" aria-hidden />
      <div className="notice-main">
        <div className="notice-title">
          {notice.task ? (
            <Link to="/tasks/$task" params={{ task: notice.task }} onClick={read}>
              {title}
            </Link>
          ) : notice.item ? (
            <Link to="/items/$item" params={{ item: notice.item }} onClick={read}>
              {title}
            </Link>
          ) : (
            <Button type="link" className="notice-plain" onClick={read}>
              {title}
            </Button>
          )}
        </div>
        {notice.body === notice.title ? null : <div className="prose">{notice.body}</div>}
        <div className="row-meta">{instantText(notice.created_at, zone)}</div>
      </div>
    </li>
  );
}
