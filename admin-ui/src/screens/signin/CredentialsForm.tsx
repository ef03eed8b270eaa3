import { Button, Input, type InputRef } from "antd";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { signIn } from "../../api/queries/security";
import type { SignInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { StepFailure } from "./StepFailure";

/** Asks for a staff number (unless it is known) and a password. */
export function CredentialsForm({
  code: known,
  onSignedIn,
}: {
  code?: string;
  onSignedIn: (view: SignInView) => void;
}) {
  const texts = useMessages();
  const [code, setCode] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<{ code?: boolean; password?: boolean }>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const codeInput = useRef<InputRef>(null);
  const passwordInput = useRef<InputRef>(null);
  const id = useId();

  useEffect(() => {
    (known ? passwordInput : codeInput).current?.focus();
  }, [known]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const staffNumber = code.trim();
    const absent = { code: staffNumber === "", password: password === "" };
    setMissing(absent);
    setFailure(undefined);
    if (absent.code || absent.password) {
      (absent.code ? codeInput : passwordInput).current?.focus();
      return;
    }
    setBusy(true);
    try {
      onSignedIn(await signIn(staffNumber, password));
    } catch (error) {
      setFailure(error);
      setBusy(false);
      passwordInput.current?.focus({ cursor: "all" });
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      {failure ? <StepFailure error={failure} /> : null}
      <div className="form-field">
        <label className="form-label" htmlFor={`${id}code`}>
          {texts.signin.code}
        </label>
        <Input
          id={`${id}code`}
          ref={codeInput}
          size="large"
          value={code}
          readOnly={known !== undefined}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          status={missing.code ? "error" : undefined}
          aria-invalid={missing.code || undefined}
          aria-describedby={missing.code ? `${id}code-error` : undefined}
        />
        {missing.code ? (
          <p className="form-error" id={`${id}code-error`}>
            {texts.signin.codeMissing}
          </p>
        ) : null}
      </div>
      <div className="form-field">
        <label className="form-label" htmlFor={`${id}password`}>
          {texts.signin.password}
        </label>
        <Input.Password
          id={`${id}password`}
          ref={passwordInput}
          size="large"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          maxLength={256}
          status={missing.password ? "error" : undefined}
          aria-invalid={missing.password || undefined}
          aria-describedby={missing.password ? `${id}password-error` : undefined}
        />
        {missing.password ? (
          <p className="form-error" id={`${id}password-error`}>
            {texts.signin.passwordMissing}
          </p>
        ) : null}
      </div>
      <Button type="primary" size="large" block htmlType="submit" loading={busy}>
        {busy ? texts.signin.submitting : texts.signin.submit}
      </Button>
    </form>
  );
}
