import { useMessages } from "../../i18n/language";
import type { Verdict } from "./counted";

/** What becomes of a row, in a word. */
export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const texts = useMessages();
  return <span className={`verdict verdict-${verdict}`}>{texts.importing.verdicts[verdict]}</span>;
}
