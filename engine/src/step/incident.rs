//! Incidents: what an administrator has to see to.

use super::run::Run;
use crate::{case::IncidentCause, event::Kind, id::Id, rejection::Rejection};

impl Run<'_> {
    /// Opens an incident where a token stands.
    pub(super) fn open_incident(
        &mut self,
        instance: Id,
        token: u32,
        task: Option<Id>,
        cause: IncidentCause,
    ) -> Result<(), Rejection> {
        let node = self.token(instance, token)?.node.clone();
        let incident = self.fresh()?;
        self.emit(Kind::IncidentOpened { incident, instance, token, node, task, cause })
    }
}
