import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { endOwnSession, giveUpFactor, ownSecurityQuery } from "../../api/queries/security";
import type { SignInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { CodeForm } from "../signin/CodeForm";
import { FactorSetUp } from "../signin/FactorSetUp";
import { PasswordForm } from "../signin/PasswordForm";
import { RecoveryCodes } from "../signin/RecoveryCodes";
import { SessionRow } from "./SessionRow";

/** One's own password, second factor and sessions. */
export function SecurityScreen() {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { data, error, isPending, refetch } = useQuery(ownSecurityQuery);
  const [dialog, setDialog] = useState<"set-up" | "remove">();
  const [codes, setCodes] = useState<string[]>();
  const end = useMutation({
    mutationFn: endOwnSession,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.ownSecurity }),
    onError: (failure) => message.error(errorText(failure)),
  });
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (isPending || !data) {
    return <Loading />;
  }
  // The session is a new one after each of these, with a token of its own.
  const renewed = (view: SignInView) => {
    if (view.me) {
      client.setQueryData(keys.me, view.me);
    }
    setCodes(view.recovery_codes);
    void client.invalidateQueries({ queryKey: keys.ownSecurity });
  };
  const close = () => {
    setDialog(undefined);
    setCodes(undefined);
    void client.invalidateQueries({ queryKey: keys.ownSecurity });
  };
  return (
    <>
      <PageHeader title={texts.security.title} windowTitle={texts.security.title} />
      <section className="panel security-part" aria-label={texts.security.changePassword}>
        <h2>{texts.security.changePassword}</h2>
        <PasswordForm
          onChanged={(view) => {
            renewed(view);
            void message.success(texts.security.changed);
          }}
        />
      </section>
      <section className="panel security-part" aria-label={texts.security.factor}>
        <h2>{texts.security.factor}</h2>
        {data.second_factor ? (
          <>
            <p>{texts.security.factorOn}</p>
            {data.second_factor_needed ? (
              <p className="muted">{texts.security.factorNeeded}</p>
            ) : (
              <Button danger onClick={() => setDialog("remove")}>
                {texts.security.factorRemove}
              </Button>
            )}
          </>
        ) : data.second_factors ? (
          <>
            <p>{texts.security.factorOff}</p>
            <Button onClick={() => setDialog("set-up")}>{texts.security.factorSetUp}</Button>
          </>
        ) : (
          <p className="muted">{texts.security.factorNone}</p>
        )}
      </section>
      <section className="panel security-part" aria-label={texts.security.sessions}>
        <h2>{texts.security.sessions}</h2>
        <ul className="list-table">
          {data.sessions.map((session) => (
            <SessionRow key={session.name} session={session} onEnd={() => end.mutate(session.name)} />
          ))}
        </ul>
      </section>
      <Modal
        open={dialog !== undefined}
        title={texts.security.factor}
        footer={null}
        destroyOnHidden
        onCancel={close}
      >
        {codes ? (
          <RecoveryCodes codes={codes} onKept={close} />
        ) : dialog === "set-up" ? (
          <FactorSetUp onConfirmed={renewed} />
        ) : (
          <CodeForm
            hint={texts.security.removeHint}
            submit={texts.security.factorRemove}
            onSubmit={async (code) => {
              await giveUpFactor(code);
              close();
            }}
          />
        )}
      </Modal>
    </>
  );
}
