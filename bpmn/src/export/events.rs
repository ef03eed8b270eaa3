//! What a boundary event or a `wait` waits for, as an event of BPMN.

use crate::yaml::Yaml;

/// An event definition of BPMN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// After a duration.
    Duration(String),
    /// At a time that an expression gives.
    Date(String),
    /// Again and again, in the notation of ISO 8601.
    Cycle(String),
    /// When facts change.
    Changed(String),
    /// A message.
    Message(String),
    /// An error; any where none is named.
    Error(Option<String>),
    /// The end of everything.
    Terminate,
}

/// The event of `{after: …}`, `{at: …}`, `{changed: …}`, `{message: …}` or `{error: …}`.
pub(crate) fn trigger(when: &Yaml) -> Event {
    let text = |key: &str| when.text_of(key).map(str::to_owned);
    if let (Some(every), Some(_)) = (text("every"), text("after")) {
        Event::Cycle(format!("R{}/{every}", when.text_of("times").unwrap_or_default()))
    } else if let Some(after) = text("after") {
        Event::Duration(text("unit").map_or_else(|| after.clone(), |unit| format!("{after} {unit}")))
    } else if let Some(at) = text("at") {
        Event::Date(at)
    } else if let Some(message) = text("message") {
        Event::Message(message)
    } else if let Some(error) = text("error") {
        Event::Error(Some(error).filter(|name| name != "any"))
    } else {
        let facts = when.get("changed");
        let one: Vec<&str> = facts.into_iter().filter_map(Yaml::text).collect();
        let all = facts.map(Yaml::elements).unwrap_or_default().iter().filter_map(Yaml::text);
        Event::Changed(one.into_iter().chain(all).collect::<Vec<_>>().join(", "))
    }
}

/// The name of the message behind `send`.
pub(crate) fn message(send: &Yaml) -> Option<&str> {
    send.text().or_else(|| send.text_of("message"))
}

/// The message that acts send, where they do nothing else.
pub(crate) fn sent(acts: &Yaml) -> Option<String> {
    let only = match acts.elements() {
        [] => acts,
        [only] => only,
        _ => return None,
    };
    match only.entries() {
        [entry] if entry.key == "send" => message(&entry.value).map(str::to_owned),
        _ => None,
    }
}

/// The event in a few words.
pub(crate) fn label(when: &Yaml) -> String {
    match trigger(when) {
        Event::Duration(text)
        | Event::Date(text)
        | Event::Cycle(text)
        | Event::Changed(text)
        | Event::Message(text) => text,
        Event::Error(name) => name.unwrap_or_default(),
        Event::Terminate => String::new(),
    }
}
