//! `apply` alone changes a case: total, without a clock, never deciding.

use crate::{case::Case, event::Event};

/// The stored events do not fit the stored state: the history is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrupt {
    /// What did not fit, in English.
    pub message: String,
}

/// Applies one event.
///
/// # Errors
/// [`Corrupt`] only on a damaged history.
pub fn apply(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    let _ = (case, event);
    Ok(())
}
