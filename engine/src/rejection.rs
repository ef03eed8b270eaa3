//! Why a command is refused. A refusal changes nothing and names what was expected.

use serde::{Deserialize, Serialize};

use crate::{
    case::TaskState,
    id::{Id, PersonId},
    text::{Name, Text},
};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rejection")]
pub enum Rejection {
    /// There is no such task, instance, item, module or kind, or none that can be created.
    NotFound,
    /// The task is closed; `state` says who did it and when.
    TaskClosed {
        /// How it was closed.
        state: TaskState,
    },
    /// The task was taken by somebody else.
    TakenBy {
        /// Who.
        person: PersonId,
    },
    /// People work elsewhere under the same lock: this has to wait.
    Locked {
        /// The node where they work.
        node: Name,
        /// Its title.
        title: Text,
    },
    /// The actor is neither assignee nor candidate, nor one to whom the offer is made.
    NotYours,
    /// The task has no such outcome, or not now.
    NoSuchOutcome {
        /// What it has now.
        expected: Vec<Name>,
    },
    /// The stage is not open, or has no such offer, or not now.
    NoSuchOffer {
        /// What it offers now.
        expected: Vec<Name>,
    },
    /// A comment is required.
    CommentRequired,
    /// The task does not allow this, or not as it stands now.
    NotAllowed,
    /// The task has been delegated: it must be handed back first, by this person.
    Delegated {
        /// Who has it.
        person: PersonId,
    },
    /// The path can not go back to this node.
    NotEarlier {
        /// Where it can go back to.
        expected: Vec<Name>,
    },
    /// These people can not do it: unknown, gone, or already meant.
    NotPossible {
        /// Who.
        people: Vec<PersonId>,
    },
    /// These people did what the task must be kept apart from (`not_by`).
    Separated {
        /// Who.
        people: Vec<PersonId>,
    },
    /// It is too late to take the completion back, or it never could be.
    TooLate {
        /// Until when it could be.
        until: Option<jiff::Timestamp>,
    },
    /// Another system has been told already; what it did can not be taken back.
    Outside,
    /// Nothing waits for the message, and nothing keeps it.
    NotHeard,
    /// The incident can not be resolved in this way, or names a node that is not there.
    NotResolved,
    /// There is no plan for the migration.
    NoPlan {
        /// What is wrong with it.
        faults: Vec<crate::migrate::Unfit>,
    },
    /// The migration would strand tokens.
    Strands {
        /// Which, and why.
        stranded: Vec<crate::migrate::Stranded>,
    },
    /// The instance was not migrated, the migration has been confirmed, or something has happened since.
    NoWayBack,
    /// The item is suspended: resume it first.
    Suspended {
        /// Which item.
        item: Id,
    },
    /// The timer is no longer armed, or not yet due.
    Gone,
    /// An expression failed; the definition is at fault.
    Evaluation {
        /// The workflow.
        workflow: Name,
        /// The node.
        node: Name,
        /// What failed.
        message: String,
    },
    /// More than a bounded number of nodes ran in one command: the definition loops without a task.
    RanAway {
        /// The workflow.
        workflow: Name,
    },
    /// No more sequence numbers below this root, or no more messages that are kept here.
    Full,
}
