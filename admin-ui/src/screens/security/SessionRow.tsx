import { Button, Popconfirm } from "antd";
import { useMe } from "../../api/queries/session";
import type { SessionView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** A session, and a button that ends it; the one that shows it is ended by signing out. */
export function SessionRow({
  session,
  who = false,
  onEnd,
}: {
  session: SessionView;
  who?: boolean;
  onEnd: () => void;
}) {
  const texts = useMessages();
  const { zone } = useMe();
  const place = [session.address, session.browser].filter(Boolean).join(" · ");
  return (
    <li className="notice">
      <div className="notice-main">
        <div className="notice-title">{who ? session.person.name : place || texts.security.unknownPlace}</div>
        {who && place ? <div className="prose">{place}</div> : null}
        <div className="row-meta">
          {texts.security.since(instantText(session.created_at, zone))} ·{" "}
          {texts.security.seen(instantText(session.last_seen_at, zone))}
        </div>
      </div>
      {session.current ? (
        <span className="muted">{texts.security.current}</span>
      ) : (
        <Popconfirm
          title={texts.security.endAsk}
          okText={texts.security.end}
          cancelText={texts.app.cancel}
          onConfirm={onEnd}
        >
          <Button>{texts.security.end}</Button>
        </Popconfirm>
      )}
    </li>
  );
}
