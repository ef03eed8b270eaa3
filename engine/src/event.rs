//! What happened to a case. A released event never changes its meaning; a new meaning is a new variant.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    case::{Caller, Ended, Item, Purpose},
    command::Actor,
    id::{Id, PersonId},
    text::Name,
};

/// An event with its place in time and its author.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who caused it.
    pub by: Actor,
    /// What.
    pub kind: Kind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Kind {
    /// An item was created.
    ItemCreated {
        /// As it is at first.
        item: Item,
    },
    /// A field of an item changed: a platform attribute (`state`, `stage`, `next_due`, `suspended_on`) or a field of its form.
    ItemChanged {
        /// Which item.
        item: Id,
        /// Which field.
        field: Name,
        /// Before, as JSON; null when it was absent.
        before: Json,
        /// After, as JSON; null removes it.
        after: Json,
    },
    /// An instance started; its first token follows.
    InstanceStarted {
        /// Its id.
        instance: Id,
        /// Its workflow.
        workflow: Name,
        /// The version that it stays on.
        version: Name,
        /// Its item.
        item: Id,
        /// Who called it.
        caller: Option<Caller>,
    },
    /// A token arrived at a node.
    NodeEntered {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node.
        node: Name,
    },
    /// A token left its node and is gone from it; an entry may follow.
    NodeLeft {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node.
        node: Name,
    },
    /// A stage's repeating child began for this value of `at`.
    ChildBegun {
        /// The instance.
        instance: Id,
        /// The stage's token.
        token: u32,
        /// The value of `at`.
        at: Timestamp,
    },
    /// A task was opened.
    TaskOpened {
        /// Its id.
        task: Id,
        /// Its instance.
        instance: Id,
        /// Its token.
        token: u32,
        /// Its node.
        node: Name,
        /// Its candidates.
        candidates: Vec<PersonId>,
        /// Taken at once, where there is one candidate.
        assignee: Option<PersonId>,
        /// Due on.
        due: Option<Date>,
    },
    /// A task was taken (claimed) by one of its candidates, or given back (`None`).
    TaskAssigned {
        /// Which.
        task: Id,
        /// By whom.
        assignee: Option<PersonId>,
    },
    /// A task's candidates were resolved again.
    TaskCandidates {
        /// Which.
        task: Id,
        /// The candidates now.
        candidates: Vec<PersonId>,
    },
    /// A task's due date moved.
    TaskDue {
        /// Which.
        task: Id,
        /// The date now.
        due: Option<Date>,
    },
    /// A task was completed.
    TaskCompleted {
        /// Which.
        task: Id,
        /// The outcome.
        outcome: Name,
        /// By whom.
        by: PersonId,
        /// The form's data, which becomes the node's latest form; none leaves that as it was: the task has no form, or
        /// was returned without one.
        form: Option<Map<String, Json>>,
        /// The comment.
        comment: Option<String>,
    },
    /// A task was closed by something else.
    TaskCancelled {
        /// Which.
        task: Id,
    },
    /// An offer was taken.
    OfferTaken {
        /// The instance.
        instance: Id,
        /// The stage node.
        node: Name,
        /// The offer.
        offer: Name,
        /// The form's data.
        form: Map<String, Json>,
        /// The comment.
        comment: Option<String>,
    },
    /// A timer was armed, or armed anew for another moment.
    TimerArmed {
        /// Its id.
        timer: Id,
        /// Its instance.
        instance: Id,
        /// Its token.
        token: u32,
        /// What it is for.
        purpose: Purpose,
        /// When it fires.
        due: Timestamp,
    },
    /// A timer fired and is gone.
    TimerFired {
        /// Which.
        timer: Id,
    },
    /// A timer was taken back.
    TimerCancelled {
        /// Which.
        timer: Id,
    },
    /// A timer stands still, because its item is suspended.
    TimerPaused {
        /// Which.
        timer: Id,
    },
    /// A timer runs again, for this moment.
    TimerResumed {
        /// Which.
        timer: Id,
        /// When it fires now.
        due: Timestamp,
    },
    /// An instance ended.
    InstanceEnded {
        /// Which.
        instance: Id,
        /// How.
        ended: Ended,
    },
}
