//! Which messages and signals something in the file waits for: what is thrown to these is a `send`.

use std::collections::BTreeSet;

use super::names::slug;
use crate::{
    model::Model,
    xml::{BPMN, Node},
};

/// The elements that wait for an event.
const WAITING: [&str; 3] = ["intermediateCatchEvent", "boundaryEvent", "receiveTask"];

/// The names that what waits for them has in the workflows.
pub(super) fn heard(model: &Model<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for node in model.root.descendants().filter(|node| WAITING.iter().any(|name| node.has_tag_name((BPMN, *name)))) {
        let events = node.children().filter(|child| {
            ["messageEventDefinition", "signalEventDefinition"].iter().any(|name| child.has_tag_name((BPMN, *name)))
        });
        let receives = node.has_tag_name((BPMN, "receiveTask")).then_some(node);
        for event in events.chain(receives) {
            let name = reference(model, event).or_else(|| node.attribute("name"));
            found.insert(slug(name.unwrap_or_default(), "message"));
        }
    }
    found
}

/// The name of the message or signal that an element refers to.
pub(super) fn reference<'a>(model: &Model<'a>, event: Node<'a>) -> Option<&'a str> {
    let id = event.attribute("messageRef").or_else(|| event.attribute("signalRef"))?;
    let id = id.rsplit_once(':').map_or(id, |(_, local)| local);
    Some(model.ids.get(id).and_then(|node| node.attribute("name")).unwrap_or(id))
}
