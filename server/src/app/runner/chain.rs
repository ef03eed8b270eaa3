//! The history of a root is a chain: each entry's hash covers the one before it, so that nothing can be changed, removed or
//! put in between unseen.

use docket_engine::{
    command::Actor,
    event::{Event, Kind},
    id::PersonId,
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::RunError;
use crate::{clock::from_ms, db::entity::history};

/// The head of a chain with nothing in it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// `json` as text with the keys of every object sorted and without white space, so that equal values have equal texts.
#[must_use]
pub fn canonical(json: &Json) -> String {
    fn write(json: &Json, out: &mut String) {
        match json {
            Json::Object(map) => {
                let mut entries: Vec<(&String, &Json)> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                out.push('{');
                for (place, (key, value)) in entries.into_iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    out.push_str(&Json::from(key.as_str()).to_string());
                    out.push(':');
                    write(value, out);
                }
                out.push('}');
            }
            Json::Array(all) => {
                out.push('[');
                for (place, value) in all.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write(value, out);
                }
                out.push(']');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }
    let mut out = String::new();
    write(json, &mut out);
    out
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a `String` can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of an entry that follows `head`.
fn hash(head: &str, row: &history::Model) -> String {
    let actor = row.actor_id.map_or(Json::Null, Json::from);
    let through = row.through_id.map_or(Json::Null, Json::from);
    let key = Json::from(row.command_key.as_str());
    let entry = format!(
        r#"{{"actor":{actor},"at":{},"event":{},"key":{key},"root":{},"sequence":{},"through":{through}}}"#,
        row.at, row.event, row.root_id, row.sequence
    );
    sha256(&[head.as_bytes(), entry.as_bytes()])
}

/// The entries for `events`, and the new head of the chain. `length` is the number of entries before them.
///
/// # Errors
/// [`RunError::Corrupt`] where an event can not be written.
pub(super) fn entries(
    root: i64,
    (mut head, length): (String, i64),
    key: &str,
    events: &[Event],
) -> Result<(Vec<history::Model>, String), RunError> {
    let mut rows = Vec::with_capacity(events.len());
    for (sequence, event) in (length + 1..).zip(events) {
        let kind = serde_json::to_value(&event.kind)
            .map_err(|error| RunError::Corrupt(format!("event {sequence} of root {root}: {error}")))?;
        let mut row = history::Model {
            root_id: root,
            sequence,
            at: event.at.as_millisecond(),
            actor_id: event.by.person().map(|person| person.0),
            through_id: event.by.through().map(|person| person.0),
            command_key: key.to_owned(),
            event: canonical(&kind),
            hash: String::new(),
        };
        row.hash = hash(&head, &row);
        head.clone_from(&row.hash);
        rows.push(row);
    }
    Ok((rows, head))
}

/// Whether `row` is what follows an entry with the hash `head`.
#[must_use]
pub fn follows(head: &str, row: &history::Model) -> bool {
    row.hash == hash(head, row)
}

/// Whether `rows`, in order from the first, form an unbroken chain that ends at `head` after `length` entries.
#[must_use]
pub fn intact(rows: &[history::Model], head: &str, length: i64) -> bool {
    let mut last = GENESIS;
    for (sequence, row) in (1..).zip(rows) {
        if row.sequence != sequence || !follows(last, row) {
            return false;
        }
        last = &row.hash;
    }
    last == head && i64::try_from(rows.len()) == Ok(length)
}

/// The event of a history row.
///
/// # Errors
/// [`RunError::Corrupt`] where the row does not hold one.
pub fn read_event(row: &history::Model) -> Result<Event, RunError> {
    let kind: Kind = serde_json::from_str(&row.event)
        .map_err(|error| RunError::Corrupt(format!("history {} of root {}: {error}", row.sequence, row.root_id)))?;
    Ok(Event {
        at: from_ms(row.at),
        by: row.actor_id.map_or(Actor::System, |person| Actor::new(PersonId(person), row.through_id.map(PersonId))),
        kind,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chain() -> (Vec<history::Model>, String) {
        let event = |node: &str| Event {
            at: from_ms(1_000),
            by: Actor::For { person: PersonId(7), through: PersonId(8) },
            kind: Kind::NodeEntered {
                instance: docket_engine::id::Id::below(1, 1),
                token: 0,
                node: node.into(),
                place: None,
            },
        };
        entries(1, (GENESIS.to_owned(), 0), "7/key", &[event("a"), event("b"), event("c")]).unwrap()
    }

    #[test]
    fn an_event_comes_back_from_its_row() {
        let (rows, head) = chain();
        assert!(intact(&rows, &head, 3));
        let event = read_event(&rows[1]).unwrap();
        assert_eq!((event.at, event.by), (from_ms(1_000), Actor::For { person: PersonId(7), through: PersonId(8) }));
    }

    #[test]
    fn whatever_is_touched_breaks_the_chain() {
        let touches: [fn(&mut Vec<history::Model>); 10] = [
            |rows| rows[1].event = rows[1].event.replace("\"b\"", "\"x\""),
            |rows| rows[0].at += 1,
            |rows| rows[2].actor_id = None,
            |rows| rows[2].through_id = None,
            |rows| rows[2].command_key.push('x'),
            |rows| rows[1].root_id = 2,
            |rows| rows.swap(0, 1),
            |rows| drop(rows.remove(1)),
            |rows| drop(rows.pop()),
            Vec::clear,
        ];
        for (number, touch) in touches.iter().enumerate() {
            let (mut rows, head) = chain();
            touch(&mut rows);
            assert!(!intact(&rows, &head, 3), "touch {number}");
        }
    }

    #[test]
    fn canonical_text_does_not_depend_on_the_order_of_keys() {
        let one: Json = serde_json::from_str(r#"{"b": [1, {"y": null, "x": "引\"号"}], "a": 0.5}"#).unwrap();
        assert_eq!(canonical(&one), r#"{"a":0.5,"b":[1,{"x":"引\"号","y":null}]}"#);
        assert_eq!(canonical(&json!({"a": 0.5, "b": [1, {"x": "引\"号", "y": null}]})), canonical(&one));
    }
}
