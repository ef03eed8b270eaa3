//! Where the nodes of a workflow lead: the places of their definitions that hold a target.

use docket_engine::definition::usual_title;

use crate::yaml::{Entry, Yaml};

/// The keys that say what a node is.
pub(crate) const KINDS: [&str; 10] =
    ["task", "action", "choose", "any", "fork", "join", "wait", "call", "stage", "end"];

/// What kind of node a definition is; none where it does not say.
pub(crate) fn kind(node: &Yaml) -> Option<&'static str> {
    KINDS.into_iter().find(|kind| node.get(kind).is_some())
}

/// A way out of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// Where in the node it begins.
    pub(crate) from: From,
    /// What is written on it: the outcome, the result; empty where it needs no word.
    pub(crate) label: String,
    /// When it is taken, of `choose` and `any`.
    pub(crate) when: Option<String>,
}

/// Where in a node a way begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// One of several, of which one is taken: outcomes and results.
    Choice,
    /// The way where nothing else holds: `else`.
    Otherwise,
    /// The usual way on.
    Next,
    /// The boundary event at this place of `on`.
    Border(usize),
    /// The offer at this place.
    Offer(usize),
}

/// Visits every target of a node in the written order. The targets may be changed.
pub(crate) fn visit(node: &mut Yaml, see: &mut dyn FnMut(Way, &mut Yaml)) {
    match kind(node) {
        Some("task") => choices(node.get_mut("outcomes"), see),
        Some("call") => {
            choices(node.get_mut("then"), see);
            if let Some(empty) = node.get_mut("each").and_then(|each| each.get_mut("empty")) {
                see(way(From::Choice, "", None), empty);
            }
        }
        Some(kind @ ("choose" | "any")) => branches(node.get_mut(kind), see),
        Some("fork") => {
            for target in elements(node.get_mut("fork")) {
                see(way(From::Next, "", None), target);
            }
        }
        Some("action" | "join" | "wait") => {
            if let Some(target) = node.get_mut("next") {
                see(way(From::Next, "", None), target);
            }
        }
        Some("stage") => offers(node.get_mut("offers"), see),
        _ => {}
    }
    for (at, event) in elements(node.get_mut("on")).iter_mut().enumerate() {
        if let Some(target) = event.get_mut("to") {
            see(way(From::Border(at), "", None), target);
        }
    }
}

fn way(from: From, label: &str, when: Option<&str>) -> Way {
    Way { from, label: label.to_owned(), when: when.map(str::to_owned) }
}

/// Outcomes and results: `name: target`, or `name: {…, to: target}`.
fn choices(list: Option<&mut Yaml>, see: &mut dyn FnMut(Way, &mut Yaml)) {
    for entry in entries(list) {
        let label = button(&entry.key, &entry.value);
        if let Some(target) = target(&mut entry.value) {
            see(way(From::Choice, &label, None), target);
        }
    }
}

fn branches(list: Option<&mut Yaml>, see: &mut dyn FnMut(Way, &mut Yaml)) {
    for branch in elements(list) {
        let when = branch.text_of("when").map(str::to_owned);
        if let Some(target) = branch.get_mut("else") {
            see(way(From::Otherwise, "", None), target);
        } else if let Some(target) = branch.get_mut("to") {
            see(way(From::Choice, "", when.as_deref()), target);
        }
    }
}

fn offers(list: Option<&mut Yaml>, see: &mut dyn FnMut(Way, &mut Yaml)) {
    for (at, offer) in entries(list).iter_mut().enumerate() {
        if let Some(target) = offer.value.get_mut("to") {
            see(way(From::Offer(at), "", None), target);
        }
        for result in entries(offer.value.get_mut("then")) {
            if let Some(target) = target(&mut result.value) {
                see(way(From::Offer(at), &result.key, None), target);
            }
        }
    }
}

/// The target in a value that is one, or that has one behind `to`.
fn target(value: &mut Yaml) -> Option<&mut Yaml> {
    let bare = value.text().is_some() || end_of(value).is_some();
    if bare { Some(value) } else { value.get_mut("to") }
}

/// The result of a target `{end: RESULT}`.
pub(crate) fn end_of(target: &Yaml) -> Option<&str> {
    match target.entries() {
        [only] if only.key == "end" => only.value.text(),
        _ => None,
    }
}

/// What stands on the button of an outcome or offer.
pub(crate) fn button(name: &str, value: &Yaml) -> String {
    title(value).map(str::to_owned).or_else(|| usual_title(name).map(|text| text.zh)).unwrap_or_else(|| name.to_owned())
}

/// The Chinese title that stands in a value, if any.
pub(crate) fn title(value: &Yaml) -> Option<&str> {
    value.text_of("zh").or_else(|| value.text_of("en"))
}

fn elements(list: Option<&mut Yaml>) -> &mut [Yaml] {
    list.map_or(&mut [], |list| if let Yaml::List(all) = list { all.as_mut_slice() } else { &mut [] })
}

fn entries(map: Option<&mut Yaml>) -> &mut [Entry] {
    map.map_or(&mut [], |map| if let Yaml::Map(all) = map { all.as_mut_slice() } else { &mut [] })
}
