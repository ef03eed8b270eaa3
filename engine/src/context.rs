//! What `step` knows beside the case: time, the actor, the organisation and the definitions. All of it comes in.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{command::Actor, definition::registry::Registry, org::Org};

/// The context of one command.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now.
    pub now: Timestamp,
    /// The deployment's zone (Asia/Shanghai by default).
    pub zone: TimeZone,
    /// Who acts.
    pub actor: Actor,
    /// The organisation.
    pub org: Arc<Org>,
    /// The published definitions.
    pub registry: Arc<Registry>,
}

impl Context {
    /// Today in the deployment's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.zone.to_datetime(self.now).date()
    }
}
