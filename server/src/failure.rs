//! Why a request is not carried out, in terms of the product. `api/error.rs` alone turns it into HTTP.

use docket_engine::{
    case::TaskState,
    id::PersonId,
    org::Org,
    rejection::Rejection,
    text::{Language, Text},
};
use jiff::Timestamp;

use crate::app::migrations::said;

/// One fault in what was sent, at a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into the body; the empty text is the whole.
    pub pointer: String,
    /// Stable code in kebab case, such as `required`.
    pub code: &'static str,
    /// What is wrong and what to write instead.
    pub message: Text,
}

/// Who did it before, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before {
    /// Who, with the name.
    pub by: Option<(PersonId, String)>,
    /// When.
    pub at: Option<Timestamp>,
}

/// A refusal or a breakdown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No session, or one that has ended.
    #[error("not signed in")]
    NotSignedIn,
    /// No other system has signed it, or not lately.
    #[error("not signed")]
    Unsigned,
    /// Wrong code or password; which of the two is not told.
    #[error("wrong credentials")]
    WrongCredentials,
    /// A wrong code of a second factor, or one that was used.
    #[error("wrong code")]
    WrongCode,
    /// The account is locked after repeated failures.
    #[error("locked until {until}")]
    Locked {
        /// Until when.
        until: Timestamp,
    },
    /// The CSRF token is absent or wrong.
    #[error("the CSRF token does not match")]
    Csrf,
    /// Policy does not allow it.
    #[error("forbidden")]
    Forbidden,
    /// It does not exist, or must not be seen.
    #[error("not found")]
    NotFound,
    /// The task was closed by somebody.
    #[error("already done")]
    AlreadyDone(Before),
    /// The task was taken by somebody else.
    #[error("taken")]
    Taken(Before),
    /// People work elsewhere under the same lock.
    #[error("people work at {} first", .0.en)]
    Occupied(Text),
    /// The actor is not one of those who may do it.
    #[error("not yours")]
    NotYours,
    /// The task or stage has no such outcome or offer now.
    #[error("no such outcome now; open are {expected:?}")]
    NoSuchOutcome {
        /// What is open now.
        expected: Vec<String>,
    },
    /// The task does not allow this, or not now.
    #[error("not allowed now")]
    NotAllowed,
    /// Somebody else works on the task and must hand it back first.
    #[error("delegated")]
    Delegated(Before),
    /// The path can not go back there.
    #[error("it can only go back to {expected:?}")]
    NotEarlier {
        /// Where it can go back to.
        expected: Vec<String>,
    },
    /// These people can not do it.
    #[error("not possible: {0:?}")]
    NotPossible(Vec<String>),
    /// Nobody does this in another one's name.
    #[error("only for oneself")]
    OnlyHimself,
    /// These people did what the task must be kept apart from.
    #[error("kept apart from {0:?}")]
    Separated(Vec<String>),
    /// It is too late to take it back.
    #[error("too late")]
    TooLate {
        /// Until when it could be.
        until: Option<Timestamp>,
    },
    /// Another system has been told.
    #[error("another system has been told")]
    Outside,
    /// Nothing waits for the message.
    #[error("nothing waits for it")]
    NotHeard,
    /// The incident can not be resolved in this way.
    #[error("not resolved in this way")]
    NotResolved,
    /// The instance can not be moved to the other version, or back; the text says why.
    #[error("not migrated: {}", .0.en)]
    NotMigrated(Text),
    /// The item is suspended.
    #[error("suspended")]
    Suspended,
    /// What a preview showed is no longer so.
    #[error("changed meanwhile: {}", .0.en)]
    LedgerChanged(Text),
    /// What was sent is readable but wrong, at these places.
    #[error("invalid: {0:?}")]
    Invalid(Vec<Fault>),
    /// What was sent can not be read at all.
    #[error("malformed: {}", .0.en)]
    Malformed(Text),
    /// The body's media type is not the one expected.
    #[error("unsupported media type")]
    MediaType,
    /// The address exists, the method does not.
    #[error("method not allowed")]
    Method,
    /// The `Idempotency-Key` was used before with another body.
    #[error("idempotency key used for another request")]
    IdempotencyMismatch,
    /// What was sent exceeds a bound.
    #[error("too large: {}", .0.en)]
    TooLarge(Text),
    /// A file that can not be read as what it should be.
    #[error("unreadable file: {}", .0.en)]
    Unreadable(Text),
    /// More at a time than one session may have.
    #[error("too many: {}", .0.en)]
    TooMany(Text),
    /// The database is busy; trying again helps.
    #[error("busy")]
    Busy,
    /// Docket or the machine failed.
    #[error("{0}")]
    Internal(String),
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: Text) -> Self {
        Self { pointer: pointer.into(), code, message }
    }
}

impl Failure {
    /// One fault.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, message: Text) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, message)])
    }

    /// A breakdown with its cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// What the engine refused, with names from `org`.
    #[must_use]
    pub fn rejected(rejection: Rejection, org: &Org) -> Self {
        let named =
            |person: PersonId| (person, org.person(person).map_or_else(String::new, |found| found.name.clone()));
        let texts = |names: Vec<docket_engine::text::Name>| names.iter().map(ToString::to_string).collect();
        match rejection {
            Rejection::NotFound | Rejection::Gone => Self::NotFound,
            Rejection::TaskClosed { state } => Self::AlreadyDone(match state {
                TaskState::Completed { by, at, .. } => Before { by: Some(named(by)), at: Some(at) },
                TaskState::Cancelled { at } => Before { by: None, at: Some(at) },
                TaskState::Open => Before::default(),
            }),
            Rejection::TakenBy { person } => Self::Taken(Before { by: Some(named(person)), at: None }),
            Rejection::Locked { title, .. } => Self::Occupied(title),
            Rejection::NotYours => Self::NotYours,
            Rejection::NoSuchOutcome { expected } | Rejection::NoSuchOffer { expected } => {
                Self::NoSuchOutcome { expected: texts(expected) }
            }
            Rejection::CommentRequired => {
                Self::invalid("/comment", "required", Text::new("请填写意见", "write a comment"))
            }
            Rejection::Suspended { .. } => Self::Suspended,
            Rejection::NotAllowed => Self::NotAllowed,
            Rejection::NoPlan { .. } | Rejection::Strands { .. } | Rejection::NoWayBack => {
                said::refused(&rejection).map_or_else(|| Self::internal("no sentence"), Self::NotMigrated)
            }
            Rejection::Delegated { person } => Self::Delegated(Before { by: Some(named(person)), at: None }),
            Rejection::NotEarlier { expected } => Self::NotEarlier { expected: texts(expected) },
            Rejection::NotPossible { people } => {
                Self::NotPossible(people.into_iter().map(|person| named(person).1).collect())
            }
            Rejection::Separated { people } => {
                Self::Separated(people.into_iter().map(|person| named(person).1).collect())
            }
            Rejection::TooLate { until } => Self::TooLate { until },
            Rejection::Outside => Self::Outside,
            Rejection::NotHeard => Self::NotHeard,
            Rejection::NotResolved => Self::NotResolved,
            other => Self::Internal(format!("{other:?}")),
        }
    }

    /// The faults' messages joined, for a command line.
    #[must_use]
    pub fn one_line(&self, language: Language) -> String {
        match self {
            Self::Invalid(faults) => {
                let lines: Vec<String> =
                    faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message.get(language))).collect();
                lines.join("; ")
            }
            Self::Malformed(text)
            | Self::TooLarge(text)
            | Self::Unreadable(text)
            | Self::TooMany(text)
            | Self::LedgerChanged(text) => text.get(language).to_owned(),
            other => other.to_string(),
        }
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Reads nothing but what is needed of a JSON Pointer token: `~` and `/` escaped.
#[must_use]
pub fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
