import { Alert, Tag } from "antd";
import type { ExplainView } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** Which rule decided, or which came closest and what it lacked. */
export function Explanation({ explained }: { explained: ExplainView }) {
  const texts = useMessages();
  return (
    <div className="access-explanation">
      <Alert type={explained.allowed ? "success" : "warning"} showIcon title={explained.summary} />
      <ul className="access-rules">
        {explained.rules.map((rule) => (
          <li key={rule.text}>
            <Tag color={rule.holds ? (rule.deny ? "error" : "success") : "default"}>
              {rule.holds ? texts.access.holds : rule.has_role ? texts.access.holdsNot : texts.access.noRole}
            </Tag>
            {rule.text}
            {rule.lacking.map((atom) => (
              <div className="access-atom" key={atom.atom}>
                {atom.holds ? texts.access.shouldNot(atom.atom) : texts.access.lacks(atom.atom)}
                {atom.facts.map(({ name, value }) => (
                  <div className="muted" key={name}>
                    {texts.access.fact(name, value)}
                  </div>
                ))}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
