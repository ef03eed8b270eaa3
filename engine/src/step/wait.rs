//! Waits: for a time, a message, or a changed fact.

use super::{Way, run::Run};
use crate::{
    case::{Instance, Kept, Purpose},
    definition::workflow::{Boundary, Message, Node, NodeKind, Trigger, Wait},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// Most messages that one instance keeps.
const MAX_KEPT: usize = 100;

/// What hears a message, or would keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The instance.
    pub instance: Id,
    /// The version of its workflow.
    pub version: Name,
    /// The form that the message's data must fit; none where the data is not read.
    pub form: Option<Name>,
}

/// The messages that a node hears, with the forms of their data.
fn heard_at(node: &Node) -> impl Iterator<Item = (&Message, Option<&Name>)> {
    let wait = match &node.kind {
        NodeKind::Wait(Wait { until: Trigger::Message(message), form, .. }) => Some((message, form.as_ref())),
        _ => None,
    };
    let events = node.boundary.iter().filter_map(|boundary| match &boundary.trigger {
        Trigger::Message(message) => Some((message, None)),
        _ => None,
    });
    wait.into_iter().chain(events)
}

impl Run<'_> {
    pub(super) fn wait(&mut self, instance: Id, token: u32, node: &Node, wait: &Wait) -> Result<(), Rejection> {
        match &wait.until {
            Trigger::After(delay) => {
                let due = self.after(instance, self.now(), *delay, &node.name)?;
                self.keep_timer(instance, token, Purpose::Wait, Some(due))
            }
            Trigger::At(expr) => {
                let at = self.moment((instance, token), &node.name, expr)?;
                self.wait_until(instance, token, node, wait, at)
            }
            Trigger::Message(message) => self.take_kept(instance, token, node, wait, message),
            Trigger::Changed(_) | Trigger::Error(_) => Ok(()),
        }
    }

    /// A moment that has passed is waited for no longer.
    pub(super) fn wait_until(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        wait: &Wait,
        at: Option<jiff::Timestamp>,
    ) -> Result<(), Rejection> {
        if at.is_some_and(|at| at <= self.now()) && !self.is_suspended(self.instance(instance)?.item) {
            return self.go(instance, token, node, &wait.next);
        }
        self.keep_timer(instance, token, Purpose::Wait, at)
    }

    /// The oldest kept message that fits is heard at once.
    fn take_kept(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        wait: &Wait,
        message: &Message,
    ) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let mut heard = None;
        for kept in &found.kept {
            if self.fits(found, node, message, kept)? {
                heard = Some(kept.clone());
                break;
            }
        }
        match heard {
            Some(message) => self.hear(instance, token, node, wait, message, true),
            None => Ok(()),
        }
    }

    /// Boundary events of a node that has just been entered hear the kept messages that fit, the oldest first; false where
    /// one of them has led out of the node.
    pub(super) fn take_kept_at_boundary(&mut self, instance: Id, token: u32, node: &Node) -> Result<bool, Rejection> {
        for (place, boundary) in node.boundary.iter().enumerate() {
            let Trigger::Message(message) = &boundary.trigger else { continue };
            let mut heard = Vec::new();
            let found = self.instance(instance)?;
            for kept in &found.kept {
                if self.fits(found, node, message, kept)? {
                    heard.push(kept.clone());
                }
            }
            for message in heard {
                self.hear_at_boundary((instance, token), node, (place, boundary), message, true)?;
                if boundary.to.is_some() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn hear(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        wait: &Wait,
        message: Kept,
        kept: bool,
    ) -> Result<(), Rejection> {
        self.emit(Kind::MessageHeard { instance, token, message, kept, form: wait.form.is_some() })?;
        self.go(instance, token, node, &wait.next)
    }

    fn fits(&self, instance: &Instance, node: &Node, message: &Message, came: &Kept) -> Result<bool, Rejection> {
        if message.name != came.name {
            return Ok(false);
        }
        let Some(key) = &message.key else { return Ok(true) };
        Ok(match self.eval(instance.id, &node.name, key)? {
            Value::Text(key) => came.key.as_deref() == Some(key.as_str()),
            _ => false,
        })
    }

    /// A message comes from outside: it must be for something.
    pub(super) fn message(&mut self, came: &Kept) -> Result<(), Rejection> {
        if self.arrive_message(came)? { Ok(()) } else { Err(Rejection::NotHeard) }
    }

    /// Everything that waits for a message hears it. Heard by nothing, it is kept where a workflow says so; else false.
    pub(super) fn arrive_message(&mut self, came: &Kept) -> Result<bool, Rejection> {
        let mut heard = false;
        for (instance, token, name) in self.stands() {
            let Some(found) = self.case.instances.get(&instance).filter(|found| found.ended.is_none()) else {
                continue;
            };
            // What hears it may have closed what stood here.
            if !found.tokens.iter().any(|there| there.id == token && there.node == name && !there.transit) {
                continue;
            }
            let bound = self.bound(found)?;
            let Some(node) = bound.workflow.nodes.get(&name) else { continue };
            if let NodeKind::Wait(wait @ Wait { until: Trigger::Message(message), .. }) = &node.kind
                && self.fits(found, node, message, came)?
            {
                self.hear(instance, token, node, wait, came.clone(), false)?;
                heard = true;
                continue;
            }
            heard |= self.boundary_message((instance, token), node, came)?;
        }
        Ok(heard || self.keep_message(came)?)
    }

    /// What hears a message now; where nothing does, the waits that it would be kept for.
    pub(super) fn listeners(&self, came: &Kept) -> Result<Vec<Listener>, Rejection> {
        let mut found = Vec::new();
        for (instance, _, name) in self.stands() {
            let of = self.instance(instance)?;
            let bound = self.bound(of)?;
            let Some(node) = bound.workflow.nodes.get(&name) else { continue };
            for (message, form) in heard_at(node) {
                if self.fits(of, node, message, came)? {
                    found.push(Listener { instance, version: of.version.clone(), form: form.cloned() });
                }
            }
        }
        if found.is_empty() {
            for of in self.case.instances.values().filter(|of| of.ended.is_none()) {
                for node in self.bound(of)?.workflow.nodes.values() {
                    let kept = heard_at(node).filter(|(message, _)| message.keep && message.name == came.name);
                    found.extend(kept.map(|(_, form)| Listener {
                        instance: of.id,
                        version: of.version.clone(),
                        form: form.cloned(),
                    }));
                }
            }
        }
        Ok(found)
    }

    fn boundary_message(&mut self, (instance, token): (Id, u32), node: &Node, came: &Kept) -> Result<bool, Rejection> {
        let mut heard = false;
        for (place, boundary) in node.boundary.iter().enumerate() {
            let Trigger::Message(message) = &boundary.trigger else { continue };
            let found = self.instance(instance)?;
            if !self.fits(found, node, message, came)? {
                continue;
            }
            self.hear_at_boundary((instance, token), node, (place, boundary), came.clone(), false)?;
            heard = true;
            if boundary.to.is_some() {
                break;
            }
        }
        Ok(heard)
    }

    fn hear_at_boundary(
        &mut self,
        (instance, token): (Id, u32),
        node: &Node,
        (place, boundary): (usize, &Boundary),
        message: Kept,
        kept: bool,
    ) -> Result<(), Rejection> {
        let workflow = self.instance(instance)?.workflow.clone();
        self.take(&workflow, &node.name, Way::Boundary(place));
        self.emit(Kind::MessageHeard { instance, token, message, kept, form: false })?;
        self.boundary(instance, token, node, boundary)
    }

    /// Keeps a message for each running instance whose workflow says so.
    fn keep_message(&mut self, came: &Kept) -> Result<bool, Rejection> {
        let keeps = |name: &Name, node: &Node| heard_at(node).any(|(message, _)| message.keep && message.name == *name);
        let (mut kept, mut full) = (Vec::new(), false);
        for instance in self.case.instances.values().filter(|instance| instance.ended.is_none()) {
            if self.bound(instance)?.workflow.nodes.values().any(|node| keeps(&came.name, node)) {
                if instance.kept.len() < MAX_KEPT { kept.push(instance.id) } else { full = true }
            }
        }
        if full {
            return Err(Rejection::Full);
        }
        for instance in &kept {
            self.emit(Kind::MessageKept { instance: *instance, message: came.clone() })?;
        }
        Ok(!kept.is_empty())
    }
}
