//! Messages that are sent inside the case. They are heard once every path of the command stands, in the order in which they were
//! sent, so that it does not matter which of two paths of one command came first.

use serde_json::Map;

use super::{
    acts::{Around, stored},
    run::{Run, faulty},
};
use crate::{
    case::Kept,
    definition::workflow::{Node, Send},
    id::Id,
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// A message on its way, and the workflow that has sent it.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    workflow: Name,
    message: Kept,
}

impl Run<'_> {
    /// Sends a message; it is heard once every path stands.
    pub(super) fn send(
        &mut self,
        (instance, token): (Id, u32),
        node: &Node,
        send: &Send,
        around: Around<'_>,
    ) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let facts = self.around(found, token, around)?;
        let value = |expr: &crate::expr::Expr| expr.eval(&facts).map_err(|error| faulty(found, &node.name, &error));
        let key = match send.key.as_ref().map(value).transpose()? {
            Some(Value::Text(key)) => Some(key),
            _ => None,
        };
        let mut data = Map::new();
        for (field, expr) in &send.data {
            data.insert(field.to_string(), stored(&value(expr)?));
        }
        let workflow = found.workflow.clone();
        let message = Kept { name: send.name.clone(), key, data, from: None, causes: self.causes() };
        self.sent.push_back(Sent { workflow, message });
        Ok(())
    }

    /// The next message is heard, or kept, or passes; false where there is none.
    pub(super) fn deliver(&mut self) -> Result<bool, Rejection> {
        let Some(Sent { workflow, message }) = self.sent.pop_front() else { return Ok(false) };
        self.count_entered(workflow)?;
        self.arrive_message(&message)?;
        Ok(true)
    }
}
