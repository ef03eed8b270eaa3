//! Commands of people, carried out by the runner, with what it refuses in the terms of the product.

use docket_engine::{command::Command, text::Text};
use serde_json::{Map, Value as Json};

use super::runner::{self, Done, Request, RunError};
use crate::{
    api::{caller::Caller, sent::Key},
    failure::{Failure, Fault, pointer_token},
    state::App,
};

/// The longest comment, in characters.
const MAX_COMMENT: usize = 2_000;

/// Carries out a command once.
///
/// # Errors
/// What the engine refuses.
pub async fn command(caller: &Caller, key: Key, root: Option<i64>, command: Command) -> Result<Done, Failure> {
    let request = Request::new(caller.actor(), key.into_text(), root, command);
    runner::execute(&caller.app, request).await.map_err(|error| refused(caller, error))
}

/// As [`command`], with the hash of what was sent.
///
/// # Errors
/// As [`command`].
pub async fn hashed(
    caller: &Caller,
    key: String,
    body_hash: String,
    root: Option<i64>,
    command: Command,
) -> Result<Done, Failure> {
    let request = Request { actor: caller.actor(), key, body_hash, root, command };
    runner::execute(&caller.app, request).await.map_err(|error| refused(caller, error))
}

/// The answer that the caller's key got before, if it was used for the same.
///
/// # Errors
/// [`Failure::IdempotencyMismatch`].
pub async fn answered(caller: &Caller, key: &str, body_hash: &str) -> Result<Option<Done>, Failure> {
    let answers = runner::answered(&caller.app, &caller.actor(), key, body_hash).await;
    Ok(answers.map_err(|error| refused(caller, error))?.and_then(|answers| answers.into_iter().next()))
}

/// A runner's refusal in the terms of the product.
#[must_use]
pub fn refused(caller: &Caller, error: RunError) -> Failure {
    refusal(&caller.app, error)
}

/// As [`refused`], of whoever commands.
#[must_use]
pub fn refusal(app: &App, error: RunError) -> Failure {
    match error {
        RunError::Rejected(rejection) | RunError::RejectedAt { rejection, .. } => {
            Failure::rejected(rejection, &app.org())
        }
        RunError::KeyReused => Failure::IdempotencyMismatch,
        RunError::Corrupt(what) => Failure::Internal(what),
        RunError::Occupied => Failure::Busy,
        RunError::Database(error) => {
            tracing::error!(%error, "a command could not be stored");
            Failure::Busy
        }
    }
}

/// A comment as it is stored: without spaces around and without U+0000, none where nothing is left.
///
/// # Errors
/// One that is too long.
pub fn comment(sent: Option<String>) -> Result<Option<String>, Failure> {
    // U+0000 can not be stored, and history and row must say the same.
    let comment = sent.map(|comment| comment.replace('\0', "").trim().to_owned()).filter(|comment| !comment.is_empty());
    match comment {
        Some(comment) if comment.chars().count() > MAX_COMMENT => {
            let message = Text::new("意见最多 2000 个字", "a comment has at most 2,000 characters");
            Err(Failure::invalid("/comment", "too-long", message))
        }
        comment => Ok(comment),
    }
}

/// Nothing may be sent where there is no form.
///
/// # Errors
/// A fault for each field.
pub fn no_form(sent: Map<String, Json>) -> Result<Map<String, Json>, Failure> {
    if sent.is_empty() {
        return Ok(sent);
    }
    let message = Text::new("这一步没有表单", "this step has no form");
    let faults =
        sent.keys().map(|name| Fault::new(format!("/form/{}", pointer_token(name)), "unknown-field", message.clone()));
    Err(Failure::Invalid(faults.collect()))
}
