import { Button } from "antd";
import type { ImportView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { VERDICTS, type Verdict } from "./counted";
import { VerdictTag } from "./VerdictTag";

/** How many rows have each verdict; a click shows only those. */
export function VerdictFilter({
  view,
  value,
  onChange,
}: {
  view: ImportView;
  value: Verdict | "all";
  onChange: (value: Verdict | "all") => void;
}) {
  const texts = useMessages();
  return (
    <fieldset className="verdicts" aria-label={texts.list.filter}>
      <Button
        aria-pressed={value === "all"}
        className={value === "all" ? "chosen" : ""}
        onClick={() => onChange("all")}
      >
        {texts.importing.filterAll(view.rows.length)}
      </Button>
      {VERDICTS.filter((verdict) => (view.counts[verdict] ?? 0) > 0).map((verdict) => (
        <Button
          key={verdict}
          aria-pressed={value === verdict}
          className={value === verdict ? "chosen" : ""}
          onClick={() => onChange(verdict)}
        >
          <VerdictTag verdict={verdict} /> {view.counts[verdict]}
        </Button>
      ))}
    </fieldset>
  );
}
