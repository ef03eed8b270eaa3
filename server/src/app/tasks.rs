//! One task.

use docket_engine::id::Id;
use serde_json::{Map, Value as Json};

use crate::{
    api::{
        caller::{Caller, Key},
        tasks::{CompleteInput, Completed, DraftSaved, TaskView},
    },
    failure::Failure,
};

/// One task.
pub async fn view(caller: &Caller, id: Id) -> Result<TaskView, Failure> {
    let _ = (caller, id);
    Err(Failure::NotFound)
}

/// Claim.
pub async fn claim(caller: &Caller, id: Id, key: Key) -> Result<TaskView, Failure> {
    let _ = (caller, id, key);
    Err(Failure::NotFound)
}

/// Release.
pub async fn release(caller: &Caller, id: Id, key: Key) -> Result<TaskView, Failure> {
    let _ = (caller, id, key);
    Err(Failure::NotFound)
}

/// Draft.
pub async fn save_draft(caller: &Caller, id: Id, form: Map<String, Json>) -> Result<DraftSaved, Failure> {
    let _ = (caller, id, form);
    Err(Failure::NotFound)
}

/// Complete.
pub async fn complete(caller: &Caller, id: Id, key: Key, input: CompleteInput) -> Result<Completed, Failure> {
    let _ = (caller, id, key, input);
    Err(Failure::NotFound)
}
