//! Counts by leader and by unit.

use crate::{
    api::{caller::Caller, cockpits::CockpitView},
    failure::Failure,
};

/// A module's cockpit.
pub async fn view(caller: &Caller, module: &str, units: &[String]) -> Result<CockpitView, Failure> {
    let _ = (caller, module, units);
    Err(Failure::NotFound)
}
