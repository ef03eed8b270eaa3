//! Locks: of the nodes of one run that carry the same lock, one is worked at at a time.
//!
//! A person's work at a node begins when he takes or does a task there, takes an offer of it, or does so in what a stage has
//! begun; while another node is worked at that is refused. The platform's work, an action or a call with all that it calls,
//! begins when a path comes there, or waits there until the lock is free, in the order of coming. A single task that is given
//! back is not worked at any more; everything else is until it is left. No two locks can wait for each other: a path is at one
//! node, and the locks of what that node calls are asked for by nobody outside it.

use super::run::Run;
use crate::{
    case::{Instance, Token},
    definition::{
        registry::Bound,
        workflow::{Node, NodeKind},
    },
    event::Kind,
    id::Id,
    rejection::Rejection,
};

impl Run<'_> {
    /// Somebody begins to work at a token's node, and so at the nodes that called its instance.
    pub(super) fn begin_work(&mut self, instance: Id, token: u32) -> Result<(), Rejection> {
        let begin = self.can_begin(instance, token)?;
        begin.into_iter().try_for_each(|(instance, token)| self.emit(Kind::WorkBegun { instance, token }))
    }

    /// The tokens at whose nodes work would begin; refused where people work elsewhere under a lock of theirs.
    pub(super) fn can_begin(&self, instance: Id, token: u32) -> Result<Vec<(Id, u32)>, Rejection> {
        let mut begin = Vec::new();
        let mut at = Some((instance, token));
        while let Some((instance, token)) = at {
            let found = self.instance(instance)?;
            let Some(standing) = found.tokens.iter().find(|there| there.id == token) else { break };
            let bound = self.bound(found)?;
            if let Some(node @ Node { lock: Some(_), .. }) = bound.workflow.nodes.get(&standing.node)
                && !self.works(standing, node)
            {
                if let Some(other) = self.worked_at(found, &bound, token, node) {
                    return Err(Rejection::Locked { node: other.name.clone(), title: other.title.clone() });
                }
                begin.extend((!standing.begun).then_some((instance, token)));
            }
            at = found.caller.as_ref().map(|caller| (caller.instance, caller.token));
        }
        Ok(begin)
    }

    /// Whether the platform's work at a node that a token has come to has to wait for the lock.
    pub(super) fn waits_for_lock(&mut self, instance: Id, token: u32, node: &Node) -> Result<bool, Rejection> {
        if node.lock.is_none() || !is_of_platform(node) {
            return Ok(false);
        }
        let found = self.instance(instance)?;
        let bound = self.bound(found)?;
        let before = found.tokens.iter().any(|there| there.held.is_some() && has_lock(&bound, there, node));
        if !before && self.worked_at(found, &bound, token, node).is_none() {
            return Ok(false);
        }
        self.emit(Kind::Held { instance, token })?;
        Ok(true)
    }

    /// The platform's work that has waited longest for a lock that is free now begins; false where there is none.
    pub(super) fn begin_held(&mut self) -> Result<bool, Rejection> {
        for found in self.case.instances.values() {
            let mut held: Vec<&Token> = found.tokens.iter().filter(|there| there.held.is_some()).collect();
            if held.is_empty() {
                continue;
            }
            held.sort_by_key(|there| there.held);
            let bound = self.bound(found)?;
            for there in held {
                let Some(node) = bound.workflow.nodes.get(&there.node) else { continue };
                if self.worked_at(found, &bound, there.id, node).is_none() {
                    let (instance, token) = (found.id, there.id);
                    self.emit(Kind::WorkBegun { instance, token })?;
                    self.at = Some((instance, token));
                    self.begin(instance, token, node)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Another node with the same lock that is worked at.
    fn worked_at<'b>(&self, found: &Instance, bound: &'b Bound, token: u32, node: &Node) -> Option<&'b Node> {
        node.lock.as_ref()?;
        let elsewhere = found.tokens.iter().filter(|there| there.id != token && !there.transit);
        elsewhere
            .filter(|there| has_lock(bound, there, node))
            .find_map(|there| bound.workflow.nodes.get(&there.node).filter(|other| self.works(there, other)))
    }

    /// Whether a node with a lock is worked at.
    fn works(&self, token: &Token, node: &Node) -> bool {
        if is_of_platform(node) {
            return token.held.is_none();
        }
        let single = matches!(&node.kind, NodeKind::Task(task) if task.group.is_none()) && token.members.is_empty();
        let task = token.task.and_then(|task| self.case.tasks.get(&task));
        token.begun && (!single || task.is_some_and(|task| task.assignee.is_some()))
    }
}

/// Whether work at a node begins with the platform.
const fn is_of_platform(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Call(_) | NodeKind::Action(_))
}

/// Whether a token is at a node with the lock of another.
fn has_lock(bound: &Bound, token: &Token, node: &Node) -> bool {
    bound.workflow.nodes.get(&token.node).is_some_and(|there| there.lock == node.lock)
}
