import { Alert, Button } from "antd";
import { useEffect, useRef } from "react";
import { useMessages } from "../i18n/language";
import type { FormProblem } from "./validator";

/** What has to be changed before a form can be sent; each entry leads to its field. Takes the focus when it appears. */
export function ProblemSummary({
  problems,
  onJump,
}: {
  problems: readonly FormProblem[];
  onJump: (field: string) => void;
}) {
  const texts = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const shown = problems.length > 0;
  useEffect(() => {
    if (shown) {
      box.current?.focus();
      box.current?.scrollIntoView({ block: "nearest" });
    }
  }, [shown]);
  if (!shown) {
    return null;
  }
  return (
    <div ref={box} tabIndex={-1} className="summary">
      <Alert
        type="error"
        showIcon
        title={texts.form.summary(problems.length)}
        description={
          <ul>
            {problems.map(({ field, message }) => (
              <li key={`${field} ${message}`}>
                {field === "" ? (
                  message
                ) : (
                  <Button type="link" size="small" className="summary-link" onClick={() => onJump(field)}>
                    {message}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        }
      />
    </div>
  );
}
