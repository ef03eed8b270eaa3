//! The end of a path, or of the instance: acts, then its caller goes on.

use super::{Way, acts::Around, run::Run};
use crate::{
    case::Ended,
    definition::workflow::{End, Ending, Node},
    id::Id,
    rejection::Rejection,
};

impl Run<'_> {
    pub(super) fn end(&mut self, instance: Id, token: u32, node: &Node, end: &End) -> Result<(), Rejection> {
        self.acts((instance, token), node, &end.acts, Around::default())?;
        let workflow = self.instance(instance)?.workflow.clone();
        self.take(&workflow, &node.name, Way::End(end.result.clone()));
        let alone = self.instance(instance)?.tokens.len() == 1;
        let loose = self.is_loose(instance, token)?;
        match end.how {
            Ending::Normal if loose || !alone => {
                self.leave(instance, token, &node.name)?;
                // The result is that of the path that went on from the join.
                self.end_path(instance, token, Some(&end.result).filter(|_| !loose))
            }
            Ending::Normal | Ending::Cancel => {
                self.leave_all(instance)?;
                self.end_instance(instance, Ended::With(end.result.clone()))
            }
            Ending::Error => {
                self.leave_all(instance)?;
                self.end_instance(instance, Ended::Error(end.result.clone()))
            }
        }
    }

    /// Whether a path is one that no join waits for any more.
    fn is_loose(&self, instance: Id, token: u32) -> Result<bool, Rejection> {
        let mut at = self.token(instance, token)?;
        while let Some(place) = at.place {
            at = self.token(instance, place.of)?;
        }
        Ok(!at.loose.is_empty())
    }

    /// Every path of an instance leaves its node; what is open there closes.
    fn leave_all(&mut self, instance: Id) -> Result<(), Rejection> {
        while let Some(token) = self.instance(instance)?.tokens.iter().find(|token| !token.transit) {
            let (token, node) = (token.id, token.node.clone());
            self.leave(instance, token, &node)?;
        }
        for child in self.children(instance, None) {
            self.cancel(child)?;
        }
        // Tasks of groups that ended long ago still take a comment until now.
        self.close_at(instance, None)
    }
}
