import { Link } from "@tanstack/react-router";
import { useMe } from "../../api/queries/session";
import type { ChildView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Empty } from "../../ui/Empty";
import { Facts, useFacts } from "../../ui/Facts";

/** What lies below an item, the newest first, with what it says. */
export function Children({ rows }: { rows: readonly ChildView[] }) {
  const texts = useMessages();
  if (rows.length === 0) {
    return (
      <div className="panel">
        <Empty title={texts.item.noChildren} />
      </div>
    );
  }
  return (
    <ul className="panel">
      {rows.map((row) => (
        <Child key={row.id} row={row} />
      ))}
    </ul>
  );
}

function Child({ row }: { row: ChildView }) {
  const { zone } = useMe();
  const facts = useFacts(row.values);
  return (
    <li className="child">
      <div className="child-head">
        <Link to="/items/$item" params={{ item: row.id }}>
          {row.title}
        </Link>
        <span className={`state-tag state-${row.state}`}>{row.state_title}</span>
        <span className="trail-when">{instantText(row.created_at, zone)}</span>
      </div>
      <Facts facts={facts} columns={2} />
    </li>
  );
}
