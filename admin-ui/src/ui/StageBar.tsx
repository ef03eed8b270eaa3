import { CheckOutlined } from "@ant-design/icons";
import type { StageView } from "../api/types";
import { useMessages } from "../i18n/language";

/** Where an item stands among its workflow's stages. */
export function StageBar({ stages }: { stages: readonly StageView[] }) {
  const texts = useMessages();
  if (stages.length === 0) {
    return null;
  }
  return (
    <ol className="stages" aria-label={texts.item.stages}>
      {stages.map((stage, index) => (
        <li
          key={stage.name}
          className={`stage stage-${stage.state}`}
          aria-current={stage.state === "current" ? "step" : undefined}
          aria-label={texts.item.stage(stage.title, stage.state)}
        >
          <span className="stage-dot" aria-hidden>
            {stage.state === "done" ? <CheckOutlined aria-hidden /> : index + 1}
          </span>
          <span className="stage-title" aria-hidden>
            {stage.title}
          </span>
        </li>
      ))}
    </ol>
  );
}
