//! The trail of an item.

use docket_engine::id::Id;

use crate::{
    api::{caller::Caller, history::HistoryView},
    failure::Failure,
};

/// The trail.
pub async fn view(caller: &Caller, id: Id) -> Result<HistoryView, Failure> {
    let _ = (caller, id);
    Err(Failure::NotFound)
}
