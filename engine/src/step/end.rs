//! The end of an instance: acts, then its caller goes on.

use super::{
    Way,
    acts::Around,
    run::{Run, Work},
};
use crate::{
    case::Ended,
    definition::workflow::{End, Node},
    event::Kind,
    id::Id,
    rejection::Rejection,
};

impl Run<'_> {
    pub(super) fn end(&mut self, instance: Id, token: u32, node: &Node, end: &End) -> Result<(), Rejection> {
        self.acts((instance, token), node, &end.acts, Around::default())?;
        self.leave(instance, token, &node.name)?;
        let found = self.instance(instance)?;
        let (workflow, called) = (found.workflow.clone(), found.caller.is_some());
        self.take(&workflow, &node.name, Way::End(end.result.clone()));
        self.emit(Kind::InstanceEnded { instance, ended: Ended::With(end.result.clone()) })?;
        if called {
            self.work.push_back(Work::Resume { child: instance });
        }
        Ok(())
    }
}
