import { useMe } from "../../api/queries/session";
import type { EarlierView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Facts, useFacts } from "../../ui/Facts";
import { useDoer } from "../../ui/useDoer";

/** What was done before: who, when, with which outcome, comment and values. The last values are open to read. */
export function Earlier({ entries }: { entries: readonly EarlierView[] }) {
  const texts = useMessages();
  if (entries.length === 0) {
    return <p className="muted">{texts.task.noEarlier}</p>;
  }
  const lastWithValues = entries.reduce((last, { values }, index) => (values.length > 0 ? index : last), -1);
  return (
    <ol className="trail">
      {entries.map((entry, index) => (
        <Entry key={`${entry.at} ${entry.node_title}`} entry={entry} open={index === lastWithValues} />
      ))}
    </ol>
  );
}

function Entry({ entry, open }: { entry: EarlierView; open: boolean }) {
  const texts = useMessages();
  const doer = useDoer();
  const { zone } = useMe();
  const facts = useFacts(entry.values);
  return (
    <li className="trail-entry">
      <div className="trail-head">
        <strong>{entry.node_title}</strong>
        {entry.outcome_title ? <span>{texts.task.outcome(entry.outcome_title)}</span> : null}
        <span>{doer(entry.by, entry.through)}</span>
        <span className="trail-when">{instantText(entry.at, zone)}</span>
      </div>
      {entry.comment ? <p className="trail-comment">{entry.comment}</p> : null}
      {facts.length > 0 ? (
        <details className="trail-values" open={open}>
          <summary>{entry.form_title ?? texts.task.values}</summary>
          <Facts facts={facts} columns={1} />
        </details>
      ) : null}
    </li>
  );
}
