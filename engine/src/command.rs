//! What the outside may ask of a case.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    id::{Id, PersonId},
    text::Name,
};

/// A command on one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Creates the root item and starts its kind's workflow on it.
    Create {
        /// The home module.
        module: Name,
        /// The kind.
        kind: Name,
        /// The form's fields, already validated against the form.
        fields: Map<String, Json>,
    },
    /// Takes a task that has several candidates.
    Claim {
        /// Which.
        task: Id,
    },
    /// Gives a taken task back to its candidates.
    Release {
        /// Which.
        task: Id,
    },
    /// Completes a task. An open one with several candidates is thereby taken.
    Complete {
        /// Which.
        task: Id,
        /// With which outcome.
        outcome: Name,
        /// The form's data, already validated; empty where the task has no form.
        form: Map<String, Json>,
        /// The comment.
        comment: Option<String>,
    },
    /// Takes an offer of an open stage.
    TakeOffer {
        /// The instance.
        instance: Id,
        /// The stage node.
        node: Name,
        /// The offer.
        offer: Name,
        /// The form's data, already validated.
        form: Map<String, Json>,
        /// The comment.
        comment: Option<String>,
    },
    /// Sets fields of an item directly: a row of an import that changes what is there. Fields that are absent here stay.
    Edit {
        /// Which item.
        item: Id,
        /// The form's fields, already validated; null removes one.
        fields: Map<String, Json>,
    },
    /// A timer is due. Refused as [`crate::rejection::Rejection::Gone`] when it is no longer armed or not yet due.
    FireTimer {
        /// Which.
        timer: Id,
    },
    /// Candidates of open tasks are resolved again, after the organisation changed.
    Reassign,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person, for himself.
    Person(PersonId),
    /// The platform: a timer, an import's follow-up, a job.
    System,
}

impl Actor {
    /// The person who acts.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(*person),
            Self::System => None,
        }
    }
}
