import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Input, Modal, Popconfirm, Tag } from "antd";
import { useId, useState } from "react";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import {
  ACCOUNTS_PER_PAGE,
  accountsQuery,
  removeFactor,
  setPassword,
  unlock,
} from "../../api/queries/security";
import { useMe } from "../../api/queries/session";
import type { AccountView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Pager } from "../../lists/Pager";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { StepFailure } from "../signin/StepFailure";

/** Everybody's accounts, for the system administrator. */
export function AccountsScreen() {
  const texts = useMessages();
  const navigate = useNavigate();
  const { page = 1, q = "" } = useSearch({ from: "/shell/admin/accounts" });
  const { data, error, isPending, refetch } = useQuery(accountsQuery(q, page));
  const [resetting, setResetting] = useState<AccountView>();
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  const go = (search: { q?: string; page?: number }) => void navigate({ to: "/admin/accounts", search });
  return (
    <>
      <PageHeader title={texts.admin.accounts} windowTitle={texts.admin.accounts}>
        <Input.Search
          allowClear
          defaultValue={q}
          placeholder={texts.admin.find}
          aria-label={texts.admin.find}
          onSearch={(text) => go(text.trim() ? { q: text.trim() } : {})}
        />
      </PageHeader>
      {isPending || !data ? (
        <Loading />
      ) : data.rows.length === 0 ? (
        <div className="panel">
          <Empty title={texts.admin.nobody} hint={texts.admin.nobodyHint} />
        </div>
      ) : (
        <ul className="list-table" aria-label={texts.admin.accounts}>
          {data.rows.map((account) => (
            <Account key={account.id} account={account} onReset={() => setResetting(account)} />
          ))}
        </ul>
      )}
      <Pager
        page={page}
        size={ACCOUNTS_PER_PAGE}
        total={data?.total ?? 0}
        onChange={(next) => go({ ...(q ? { q } : {}), ...(next > 1 ? { page: next } : {}) })}
      />
      {resetting ? <ResetModal account={resetting} onClose={() => setResetting(undefined)} /> : null}
    </>
  );
}

function Account({ account, onReset }: { account: AccountView; onReset: () => void }) {
  const texts = useMessages();
  const me = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const settled = {
    onSuccess: () => client.invalidateQueries({ queryKey: keys.accounts() }),
    onError: (failure: Error) => message.error(errorText(failure)),
  };
  const lift = useMutation({ mutationFn: unlock, ...settled });
  const remove = useMutation({ mutationFn: removeFactor, ...settled });
  return (
    <li className="notice">
      <div className="notice-main">
        <div className="notice-title">
          {account.name} <span className="muted">{account.code}</span>
        </div>
        <div className="prose">
          {account.duties.map((duty) => (
            <Tag key={duty} color="blue">
              {texts.admin.duties[duty as keyof typeof texts.admin.duties] ?? duty}
            </Tag>
          ))}
          {account.active ? null : <Tag>{texts.admin.left}</Tag>}
          {account.has_password ? null : <Tag>{texts.admin.noPassword}</Tag>}
          {account.must_change ? <Tag>{texts.admin.mustChange}</Tag> : null}
          {account.second_factor ? <Tag>{texts.security.factor}</Tag> : null}
          {account.locked_until ? (
            <Tag color="red">{texts.admin.lockedUntil(instantText(account.locked_until, me.zone))}</Tag>
          ) : null}
        </div>
        <div className="row-meta">{texts.admin.open(account.sessions)}</div>
      </div>
      {account.id === me.person.id ? (
        <span className="muted">{texts.admin.own}</span>
      ) : (
        <div className="account-acts">
          {account.locked_until ? (
            <Button loading={lift.isPending} onClick={() => lift.mutate(account.id)}>
              {texts.admin.unlock}
            </Button>
          ) : null}
          {account.second_factor ? (
            <Popconfirm
              title={texts.admin.removeFactorAsk}
              okText={texts.security.factorRemove}
              cancelText={texts.app.cancel}
              onConfirm={() => remove.mutate(account.id)}
            >
              <Button>{texts.security.factorRemove}</Button>
            </Popconfirm>
          ) : null}
          <Button onClick={onReset}>{texts.admin.reset}</Button>
        </div>
      )}
    </li>
  );
}

function ResetModal({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [password, setTyped] = useState("");
  const id = useId();
  const set = useMutation({
    mutationFn: () => setPassword(account.id, password),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.accounts() });
      void message.success(texts.admin.resetDone(account.name));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={texts.admin.resetFor(account.name)}
      okText={texts.admin.reset}
      cancelText={texts.app.cancel}
      okButtonProps={{ disabled: password === "", loading: set.isPending }}
      onOk={() => set.mutate()}
      onCancel={onClose}
    >
      {set.error ? <StepFailure error={set.error} /> : null}
      <div className="form-field">
        <label className="form-label" htmlFor={id}>
          {texts.security.newPassword}
        </label>
        <Input.Password
          id={id}
          value={password}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="new-password"
          maxLength={256}
        />
        <p className="muted">{texts.admin.resetHint}</p>
      </div>
    </Modal>
  );
}
