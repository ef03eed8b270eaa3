import { Button, Input, type InputRef } from "antd";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useMessages } from "../../i18n/language";
import { StepFailure } from "./StepFailure";

/** Asks for a code of the second factor. */
export function CodeForm({
  hint,
  submit,
  onSubmit,
}: {
  hint: string;
  submit: string;
  onSubmit: (code: string) => Promise<void>;
}) {
  const texts = useMessages();
  const [code, setCode] = useState("");
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const input = useRef<InputRef>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (code.trim() === "") {
      input.current?.focus();
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit(code.trim());
    } catch (error) {
      setFailure(error);
      input.current?.focus({ cursor: "all" });
    }
    setBusy(false);
  }

  return (
    <form onSubmit={send} noValidate>
      {failure ? <StepFailure error={failure} /> : null}
      <div className="form-field">
        <label className="form-label" htmlFor={id}>
          {texts.security.code}
        </label>
        <Input
          id={id}
          ref={input}
          size="large"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="one-time-code"
          inputMode="text"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          aria-describedby={`${id}hint`}
        />
        <p className="muted" id={`${id}hint`}>
          {hint}
        </p>
      </div>
      <Button type="primary" size="large" block htmlType="submit" loading={busy}>
        {submit}
      </Button>
    </form>
  );
}
