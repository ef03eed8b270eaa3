//! What comes from outside in a scenario: messages, and the answers of other systems.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::{play::Play, values::Raw};
use crate::{
    case::{Instance, Token},
    command::Command,
    definition::{
        form::Form,
        registry::Registry,
        workflow::{Message, Node, NodeKind, Trigger},
    },
    text::Name,
};

impl Play<'_> {
    /// The nodes where paths stand.
    fn stands(&self) -> impl Iterator<Item = (&Instance, &Token, &Node)> {
        self.case.instances.values().flat_map(|instance| {
            let bound = self.registry.versions.get(&instance.version);
            instance
                .tokens
                .iter()
                .filter_map(move |token| Some((instance, token, bound?.workflow.nodes.get(&token.node)?)))
        })
    }

    fn form_of(&self, instance: &Instance, node: &Node) -> Option<&Form> {
        let bound = self.registry.versions.get(&instance.version)?;
        bound.forms.get(node.form()?).map(AsRef::as_ref)
    }

    /// A message with the data that the form of who waits for it stores, or with texts where it has none.
    pub(super) fn message(&self, name: &str, key: Option<&str>, data: &[(String, Raw)]) -> Result<Command, String> {
        let waits = |node: &Node| matches!(&node.kind, NodeKind::Wait(wait) if is_for(&wait.until, name));
        let form =
            self.stands().find_map(|(instance, _, node)| if waits(node) { self.form_of(instance, node) } else { None });
        let data = match form {
            Some(form) => self.names().filled(form, &Map::new(), data)?,
            None => data.iter().map(|(field, raw)| (field.clone(), Json::String(raw.shown()))).collect(),
        };
        Ok(Command::Message { name: name.into(), key: key.map(str::to_owned), data, from: None })
    }

    /// The answer for which a node waits, or its failure after all tries.
    pub(super) fn answer(&self, node: &str, fails: Option<&str>, data: &[(String, Raw)]) -> Result<Command, String> {
        let here = |token: &Token| token.node == *node && !token.transit;
        let found =
            self.stands().find_map(|(instance, token, at)| Some((instance, at, token.asked.filter(|_| here(token))?)));
        let Some((instance, at, asked)) = found else {
            return Err(format!("`{node}` 没有在等外部系统答复 / waits for no answer of another system"));
        };
        let answer = match (fails, self.form_of(instance, at)) {
            (Some(why), _) => Err(why.to_owned()),
            (None, Some(form)) => Ok(self.names().filled(form, &Map::new(), data)?),
            (None, None) => Ok(Map::new()),
        };
        Ok(Command::Answer { asked, answer })
    }
}

fn is_for(trigger: &Trigger, name: &str) -> bool {
    matches!(trigger, Trigger::Message(message) if message.name == *name)
}

/// The names of all messages that some workflow waits for.
pub(super) fn messages(registry: &Registry) -> BTreeSet<Name> {
    let nodes = || registry.workflows.values().flat_map(|bound| bound.workflow.nodes.values());
    let events = nodes().flat_map(|node| &node.boundary).map(|boundary| &boundary.trigger);
    let waits = nodes().filter_map(|node| if let NodeKind::Wait(wait) = &node.kind { Some(&wait.until) } else { None });
    events
        .chain(waits)
        .filter_map(
            |trigger| if let Trigger::Message(Message { name, .. }) = trigger { Some(name.clone()) } else { None },
        )
        .collect()
}

/// The names of all nodes that ask another system.
pub(super) fn asking(registry: &Registry) -> BTreeSet<Name> {
    let nodes = registry.workflows.values().flat_map(|bound| bound.workflow.nodes.values());
    let asks = |node: &&Node| matches!(&node.kind, NodeKind::Action(action) if action.http().is_some());
    nodes.filter(asks).map(|node| node.name.clone()).collect()
}
