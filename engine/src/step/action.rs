//! Work of the platform: acts, then the next node.

use super::{acts::Around, run::Run};
use crate::{
    definition::workflow::{Action, Node},
    id::Id,
    rejection::Rejection,
};

impl Run<'_> {
    pub(super) fn act(&mut self, instance: Id, token: u32, node: &Node, action: &Action) -> Result<(), Rejection> {
        self.acts((instance, token), node, &action.acts, Around::default())?;
        // An action that asked another system goes on once that has answered.
        if self.token(instance, token)?.asked.is_some() {
            return Ok(());
        }
        self.go(instance, token, node, &action.next)
    }
}
