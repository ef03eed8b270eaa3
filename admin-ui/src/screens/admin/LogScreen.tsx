import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, App, Button, DatePicker, Select, Tag } from "antd";
import dayjs from "dayjs";
import { errorText } from "../../api/errors";
import { ACTS_PER_PAGE, chainQuery, exportLog, type LogFilter, logQuery } from "../../api/queries/log";
import { useMe } from "../../api/queries/session";
import type { ActView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { save } from "../../ui/save";

/** The administrators' log, for the audit administrator. */
export function LogScreen() {
  const texts = useMessages();
  const me = useMe();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { page = 1, ...filter } = useSearch({ from: "/shell/admin/log" });
  const { data, error, isPending, refetch } = useQuery(logQuery(filter, page));
  const sheet = useMutation({
    mutationFn: () => exportLog(filter),
    onSuccess: (blob) => save(blob, `${texts.admin.log}-${me.today}.xlsx`),
    onError: (failure) => message.error(errorText(failure)),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  const go = (search: LogFilter & { page?: number }) => void navigate({ to: "/admin/log", search });
  return (
    <>
      <PageHeader title={texts.admin.log} windowTitle={texts.admin.log} below={<ChainState />}>
        <Button
          icon={<DownloadOutlined aria-hidden />}
          loading={sheet.isPending}
          onClick={() => sheet.mutate()}
        >
          {texts.admin.export}
        </Button>
      </PageHeader>
      <Filters filter={filter} acts={data?.acts ?? []} onChange={go} />
      {isPending || !data ? (
        <Loading />
      ) : data.rows.length === 0 ? (
        <div className="panel">
          <Empty title={texts.admin.noActs} hint={texts.admin.noActsHint} />
        </div>
      ) : (
        <ul className="list-table" aria-label={texts.admin.log}>
          {data.rows.map((act) => (
            <ActRow key={act.sequence} act={act} zone={me.zone} />
          ))}
        </ul>
      )}
      <Pager
        page={page}
        size={ACTS_PER_PAGE}
        total={data?.total ?? 0}
        onChange={(next) => go({ ...filter, ...(next > 1 ? { page: next } : {}) })}
      />
    </>
  );
}

function ChainState() {
  const texts = useMessages();
  const { data: chain } = useQuery(chainQuery);
  if (!chain) {
    return <span className="muted">{texts.admin.checking}</span>;
  }
  return chain.whole ? (
    <span className="muted">{texts.admin.whole(chain.rows)}</span>
  ) : (
    <Alert type="error" showIcon title={texts.admin.brokenChain} description={chain.broken} />
  );
}

function Filters({
  filter,
  acts,
  onChange,
}: {
  filter: LogFilter;
  acts: { code: string; title: string }[];
  onChange: (filter: LogFilter) => void;
}) {
  const texts = useMessages();
  const set = (change: LogFilter) => {
    const next = { ...filter, ...change };
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as LogFilter);
  };
  const range = [filter.from, filter.to].map((day) => (day ? dayjs(day) : null));
  return (
    <search className="log-filters" aria-label={texts.admin.filters}>
      <DirectoryPicker
        kind="person"
        label={texts.admin.person}
        value={filter.person}
        placeholder={texts.admin.person}
        onChange={(person) => set({ person })}
      />
      <Select
        allowClear
        value={filter.act}
        placeholder={texts.admin.act}
        aria-label={texts.admin.act}
        options={acts.map(({ code, title }) => ({ value: code, label: title }))}
        onChange={(act?: string) => set({ act })}
      />
      <Select
        allowClear
        value={filter.result}
        placeholder={texts.admin.result}
        aria-label={texts.admin.result}
        options={[
          { value: "done" as const, label: texts.admin.done },
          { value: "refused" as const, label: texts.admin.refused },
        ]}
        onChange={(result?: "done" | "refused") => set({ result })}
      />
      <DatePicker.RangePicker
        allowEmpty
        value={[range[0] ?? null, range[1] ?? null]}
        aria-label={texts.admin.days}
        onChange={(days) =>
          set({ from: days?.[0]?.format("YYYY-MM-DD"), to: days?.[1]?.format("YYYY-MM-DD") })
        }
      />
    </search>
  );
}

function ActRow({ act, zone }: { act: ActView; zone: string }) {
  const texts = useMessages();
  const ways: Record<string, string> = texts.admin.ways;
  const place = act.address ?? ways[act.via] ?? act.via;
  return (
    <li className="notice">
      <div className="notice-main">
        <div className="notice-title">
          {act.title} {act.result === "refused" ? <Tag color="red">{texts.admin.refused}</Tag> : null}
          {act.on ? <span className="muted">{act.on}</span> : null}
        </div>
        {act.detail === "{}" ? null : <div className="prose log-detail">{act.detail}</div>}
        <div className="row-meta">
          {[act.who?.name ?? texts.admin.unknown, act.for_whom?.name, place, instantText(act.at, zone)]
            .filter(Boolean)
            .join(" · ")}
          {` · #${act.sequence}`}
        </div>
      </div>
    </li>
  );
}
