import { useQuery } from "@tanstack/react-query";
import { QRCode } from "antd";
import { confirmFactor, offerFactor } from "../../api/queries/security";
import type { SignInView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Loading } from "../../ui/Loading";
import { CodeForm } from "./CodeForm";
import { StepFailure } from "./StepFailure";

/** Shows a new secret as a QR code and as text, and asks for a code of it. */
export function FactorSetUp({ onConfirmed }: { onConfirmed: (view: SignInView) => void }) {
  const texts = useMessages();
  // Each time it is opened there is another secret; the one before counts for nothing.
  const { data: offer, error } = useQuery({
    queryKey: ["factor-offer"],
    queryFn: offerFactor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  if (error) {
    return <StepFailure error={error} />;
  }
  if (!offer) {
    return <Loading />;
  }
  return (
    <>
      <p>{texts.security.scan}</p>
      <div className="factor-code">
        <QRCode value={offer.address} size={192} type="svg" aria-label={texts.security.qr} />
      </div>
      <p className="muted">
        {texts.security.typeSecret} <code className="factor-secret">{offer.secret}</code>
      </p>
      <CodeForm
        hint={texts.security.confirmHint}
        submit={texts.security.confirm}
        onSubmit={async (code) => onConfirmed(await confirmFactor(code))}
      />
    </>
  );
}
