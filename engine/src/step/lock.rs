//! Locks: at the nodes of one run that carry the same lock, people work at one at a time.
//!
//! Work at a node begins when somebody takes or does a task there, takes an offer of it, or does so in what it has called. A
//! single task that is given back is not worked at any more; a group, a call and a stage are until they are left. No two locks
//! can wait for each other: whoever has begun at a node needs no lock of the same run any more, and the locks of what that node
//! calls are asked for by nobody outside it.

use super::run::Run;
use crate::{
    case::Token,
    definition::workflow::{Node, NodeKind},
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
                let elsewhere = found.tokens.iter().filter(|there| there.id != token && !there.transit);
                for there in elsewhere {
                    if let Some(other) = bound.workflow.nodes.get(&there.node)
                        && other.lock == node.lock
                        && self.works(there, other)
                    {
                        return Err(Rejection::Locked { node: other.name.clone(), title: other.title.clone() });
                    }
                }
                begin.extend((!standing.begun).then_some((instance, token)));
            }
            at = found.caller.as_ref().map(|caller| (caller.instance, caller.token));
        }
        Ok(begin)
    }

    /// Whether somebody works at a node with a lock.
    fn works(&self, token: &Token, node: &Node) -> bool {
        let single = matches!(&node.kind, NodeKind::Task(task) if task.group.is_none()) && token.members.is_empty();
        let task = token.task.and_then(|task| self.case.tasks.get(&task));
        token.begun && (!single || task.is_some_and(|task| task.assignee.is_some()))
    }
}
