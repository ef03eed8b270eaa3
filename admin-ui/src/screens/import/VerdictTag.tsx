import { Tag } from "antd";
import { useMessages } from "../../i18n/language";
import type { Verdict } from "./counted";

const COLOURS: Record<Verdict, string> = {
  new: "green",
  changed: "blue",
  unchanged: "default",
  duplicate: "gold",
  refused: "red",
  left_out: "default",
};

/** What becomes of a row, in a word. */
export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const texts = useMessages();
  return (
    <Tag color={COLOURS[verdict]} className={`verdict verdict-${verdict}`}>
      {texts.importing.verdicts[verdict]}
    </Tag>
  );
}
