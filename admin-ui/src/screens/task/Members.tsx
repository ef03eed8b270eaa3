import { useMe } from "../../api/queries/session";
import type { MemberView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** Those who sign a task: who has chosen what, who is still to sign. */
export function Members({ members }: { members: readonly MemberView[] }) {
  const texts = useMessages();
  const chosen = members.filter(({ state }) => state === "chosen").length;
  return (
    <section className="panel members" aria-labelledby="members">
      <h2 className="panel-title" id="members">
        {texts.task.members} <span className="muted">{texts.task.membersCount(chosen, members.length)}</span>
      </h2>
      <ul>
        {members.map((member, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: members keep their places
          <Member key={place} member={member} />
        ))}
      </ul>
    </section>
  );
}

function Member({ member }: { member: MemberView }) {
  const texts = useMessages();
  const { zone } = useMe();
  const { name, unit, state, mine, outcome_title, comment, by, at, added_by } = member;
  const more = [
    mine ? texts.task.you : undefined,
    unit,
    added_by ? texts.task.addedBy(added_by.name) : undefined,
    // A unit's people sign for it.
    by && by.name !== name ? by.name : undefined,
    at ? instantText(at, zone) : undefined,
  ].filter(Boolean);
  return (
    <li className="member">
      <span className={`member-state member-${state}`}>{outcome_title ?? texts.task.member[state]}</span>
      <div className="member-main">
        <strong>{name}</strong> <span className="row-meta">{more.join(" · ")}</span>
        {comment ? <p className="trail-comment">{comment}</p> : null}
      </div>
    </li>
  );
}
