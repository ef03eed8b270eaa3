//! Calls of other systems: asked by an action, which waits for the answer.

use serde_json::{Map, Value as Json};

use super::{
    acts::stored,
    run::{Run, failed},
};
use crate::{
    case::IncidentCause,
    definition::workflow::{Http, Node, NodeKind},
    effect::Effect,
    event::Kind,
    id::Id,
    rejection::Rejection,
};

impl Run<'_> {
    /// Asks another system; the token waits.
    pub(super) fn ask(&mut self, (instance, token): (Id, u32), node: &Node, http: &Http) -> Result<(), Rejection> {
        let mut body = Map::new();
        for (field, value) in &http.body {
            body.insert(field.to_string(), stored(&self.eval(instance, &node.name, value)?));
        }
        let found = self.instance(instance)?;
        let (item, version) = (found.item, found.version.clone());
        let asked = self.fresh()?;
        self.emit(Kind::Asked { asked, instance, token, causes: self.causes() })?;
        let back_off = http.back_off.nominal_seconds();
        self.effects.push(Effect::Ask {
            asked,
            item,
            service: http.service.clone(),
            path: http.path.clone(),
            body,
            form: http.form.clone(),
            version,
            tries: http.tries,
            back_off,
        });
        Ok(())
    }

    /// Another system has answered: the action goes on. It failed for good: an administrator is needed.
    pub(super) fn answer(&mut self, asked: Id, answer: &Result<Map<String, Json>, String>) -> Result<(), Rejection> {
        let stands = self.case.instances.values().find_map(|found| {
            let token = found.tokens.iter().find(|token| token.asked == Some(asked) && !token.transit)?;
            Some((found.id, token.id, token.node.clone()))
        });
        let (instance, token, name) = stands.ok_or(Rejection::Gone)?;
        let found = self.instance(instance)?;
        let (bound, workflow) = (self.bound(found)?, found.workflow.clone());
        let Some(node @ Node { kind: NodeKind::Action(action), .. }) = bound.workflow.nodes.get(&name) else {
            return Err(failed(&workflow, &name, "the node is no action"));
        };
        let http = action.http();
        let data = answer.as_ref().ok().filter(|_| http.is_some_and(|http| http.form.is_some())).cloned();
        self.emit(Kind::Answered { asked, instance, token, data })?;
        match (answer, http) {
            (Err(message), Some(http)) => {
                let cause = IncidentCause::Service { service: http.service.clone(), message: message.clone() };
                self.open_incident(instance, token, None, cause)
            }
            _ => self.go(instance, token, node, &action.next),
        }
    }
}
