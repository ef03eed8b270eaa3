import { Grid, Steps } from "antd";
import { useMessages } from "../../i18n/language";

const STEPS = ["categories", "upload", "preview", "result"] as const;

/** How far an import has come. */
export function WizardSteps({ current }: { current: (typeof STEPS)[number] }) {
  const texts = useMessages();
  const wide = Grid.useBreakpoint().md ?? true;
  const at = STEPS.indexOf(current);
  if (!wide) {
    return (
      <p className="wizard-short">
        {at + 1} / {STEPS.length} · {texts.importing.steps[current]}
      </p>
    );
  }
  return (
    <Steps
      className="wizard-steps"
      size="small"
      current={at}
      items={STEPS.map((name) => ({ title: texts.importing.steps[name] }))}
    />
  );
}
