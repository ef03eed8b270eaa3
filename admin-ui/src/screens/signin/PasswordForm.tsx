import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { changePassword } from "../../api/queries/security";
import type { SignInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { StepFailure } from "./StepFailure";

/** Asks for the password now and a new one, twice. */
export function PasswordForm({ onChanged }: { onChanged: (view: SignInView) => void }) {
  const texts = useMessages();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [differs, setDiffers] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function send(event: FormEvent) {
    event.preventDefault();
    setFailure(undefined);
    setDiffers(next !== again);
    if (next !== again || old === "" || next === "") {
      return;
    }
    setBusy(true);
    try {
      const view = await changePassword(old, next);
      for (const clear of [setOld, setNext, setAgain]) {
        clear("");
      }
      onChanged(view);
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }

  return (
    <form onSubmit={send} noValidate>
      {failure ? <StepFailure error={failure} /> : null}
      <PasswordField
        label={texts.security.oldPassword}
        value={old}
        onChange={setOld}
        autoComplete="current-password"
      />
      <PasswordField
        label={texts.security.newPassword}
        value={next}
        onChange={setNext}
        autoComplete="new-password"
        hint={texts.security.passwordHint}
      />
      <PasswordField
        label={texts.security.again}
        value={again}
        onChange={setAgain}
        autoComplete="new-password"
        error={differs ? texts.security.differs : undefined}
      />
      <Button type="primary" htmlType="submit" loading={busy} disabled={!old || !next || !again}>
        {texts.security.changePassword}
      </Button>
    </form>
  );
}

function PasswordField({
  label,
  value,
  onChange,
  autoComplete,
  hint,
  error,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: string;
  hint?: string;
  error?: string;
}) {
  const id = useId();
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <Input.Password
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete={autoComplete}
        maxLength={256}
        status={error ? "error" : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}about` : undefined}
      />
      {hint || error ? (
        <p className={error ? "form-error" : "muted"} id={`${id}about`}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}
