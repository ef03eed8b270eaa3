//! Exclusive choice: the first branch that is true, else the last.

use super::{Way, run::Run};
use crate::{
    definition::workflow::{Choose, Node},
    id::Id,
    rejection::Rejection,
    value::Value,
};

impl Run<'_> {
    pub(super) fn choose(&mut self, instance: Id, token: u32, node: &Node, choose: &Choose) -> Result<(), Rejection> {
        let (mut place, mut to) = (choose.branches.len(), &choose.otherwise);
        for (at, (when, branch)) in choose.branches.iter().enumerate() {
            if self.eval(instance, &node.name, when)? == Value::Bool(true) {
                (place, to) = (at, branch);
                break;
            }
        }
        let workflow = self.instance(instance)?.workflow.clone();
        self.take(&workflow, &node.name, Way::Branch(place));
        self.go(instance, token, node, to)
    }
}
