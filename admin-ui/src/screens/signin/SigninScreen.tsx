import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { setExpired } from "../../api/expiry";
import { keys } from "../../api/queries/keys";
import { language, setLanguage, useMessages } from "../../i18n/language";
import { meta } from "../../ui/meta";
import { useTitle } from "../../ui/useTitle";
import { SignInSteps } from "./SignInSteps";

export function SigninScreen() {
  const texts = useMessages();
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: "/signin" });
  useTitle(texts.signin.title);
  return (
    <main className="signin">
      <div className="signin-box">
        <div className="signin-head">
          <img src="/favicon.svg" alt="" />
          <h1>{meta("system-title") ?? "Docket"}</h1>
        </div>
        {meta("demo") === "true" ? <Alert className="summary" type="info" title={texts.signin.demo} /> : null}
        <SignInSteps
          onSignedIn={(me) => {
            client.clear();
            client.setQueryData(keys.me, me);
            setExpired(false);
            router.history.push(next ?? "/todo");
          }}
        />
        <div className="signin-foot">
          <span>{texts.signin.help}</span>
          <Button
            type="link"
            size="small"
            lang={language() === "zh" ? "en" : "zh-CN"}
            aria-label={texts.app.languageLabel}
            onClick={() => setLanguage(language() === "zh" ? "en" : "zh")}
          >
            {texts.app.language}
          </Button>
        </div>
      </div>
    </main>
  );
}
