import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { setExpired } from "../../api/expiry";
import { keys } from "../../api/queries/keys";
import type { Me } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { SignInSteps } from "../signin/SignInSteps";

/** Asks for the password again over the page, so that nothing typed is lost. */
export function SignInAgain({ open, me }: { open: boolean; me: Me }) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Modal open={open} title={texts.signin.again} footer={null} closable={false} destroyOnHidden width={400}>
      <p className="summary">{texts.signin.againHint}</p>
      <SignInSteps
        code={me.person.code}
        onSignedIn={(again) => {
          client.setQueryData(keys.me, again);
          setExpired(false);
          void client.invalidateQueries();
        }}
      />
      <div className="signin-foot">
        <Button
          type="link"
          size="small"
          onClick={async () => {
            await navigate({ to: "/signin" });
            client.clear();
            setExpired(false);
          }}
        >
          {texts.signin.otherPerson}
        </Button>
      </div>
    </Modal>
  );
}
