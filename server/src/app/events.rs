//! What becomes stale for one person, as it happens.

use futures_util::stream::BoxStream;

use crate::{
    api::{caller::Caller, events::StaleEvent},
    failure::Failure,
};

/// The stream.
pub fn stream(caller: Caller) -> Result<BoxStream<'static, StaleEvent>, Failure> {
    let _ = caller;
    Err(Failure::NotFound)
}
