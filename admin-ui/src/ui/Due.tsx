import { daysBetween, dueText } from "../i18n/format";
import { useMessages } from "../i18n/language";

/** A due day: how near it is, and the day itself. */
export function Due({
  due,
  today,
  dated = true,
}: {
  due: string | null | undefined;
  today: string;
  dated?: boolean;
}) {
  const texts = useMessages();
  if (!due) {
    return <span className="muted">{texts.due.none}</span>;
  }
  const days = daysBetween(today, due);
  const tone = days < 0 ? "due due-late" : days <= 3 ? "due due-near" : "due";
  return (
    <span className={tone}>
      <strong>{dueText(due, today)}</strong>
      {dated ? <span className="due-day">{due}</span> : null}
    </span>
  );
}
