import { useState } from "react";
import { sendCode } from "../../api/queries/security";
import type { Me, SignInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { CodeForm } from "./CodeForm";
import { CredentialsForm } from "./CredentialsForm";
import { FactorSetUp } from "./FactorSetUp";
import { PasswordForm } from "./PasswordForm";
import { RecoveryCodes } from "./RecoveryCodes";

/** Signing in, one step after the other, as the server asks for them. */
export function SignInSteps({ code, onSignedIn }: { code?: string; onSignedIn: (me: Me) => void }) {
  const texts = useMessages();
  const [at, setAt] = useState<SignInView>();
  const go = (view: SignInView) => {
    if (view.me && !view.recovery_codes) {
      onSignedIn(view.me);
    } else {
      setAt(view);
    }
  };
  if (at?.recovery_codes) {
    return (
      <RecoveryCodes
        codes={at.recovery_codes}
        onKept={() => (at.me ? onSignedIn(at.me) : setAt({ ...at, recovery_codes: undefined }))}
      />
    );
  }
  switch (at?.step) {
    case "code":
      return (
        <CodeForm
          hint={texts.security.codeHint}
          submit={texts.security.next}
          onSubmit={async (code) => go(await sendCode(code))}
        />
      );
    case "password":
      return (
        <>
          <p className="summary">{texts.security.mustChange}</p>
          <PasswordForm onChanged={go} />
        </>
      );
    case "set-up":
      return (
        <>
          <p className="summary">{texts.security.mustSetUp}</p>
          <FactorSetUp onConfirmed={go} />
        </>
      );
    default:
      return <CredentialsForm code={code} onSignedIn={go} />;
  }
}
