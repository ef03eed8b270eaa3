import { Alert, Button } from "antd";
import { useMessages } from "../../i18n/language";

/** The codes for when the device is lost, which are shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const texts = useMessages();
  return (
    <section aria-label={texts.security.recovery}>
      <Alert className="summary" type="warning" showIcon title={texts.security.recoveryHint} />
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button type="primary" block onClick={onKept}>
        {texts.security.kept}
      </Button>
    </section>
  );
}
