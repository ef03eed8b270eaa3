//! The unit of consistency: a root item with everything below it. One command locks, changes and commits one case.
//!
//! Invariants: only [`crate::apply::apply`] changes a case; ids are given in order from `next`; a case that is loaded for a
//! command holds the root item, every item on the way to an open instance, all open instances with their items, open tasks
//! and armed timers. What has ended need not be loaded, and `step` must not rely on it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    id::{Id, PersonId},
    text::Name,
};

/// A root item with everything open below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The root item's number.
    pub root: i64,
    /// The next free sequence number below the root; at least 1.
    pub next: u32,
    /// Items by id.
    pub items: BTreeMap<Id, Item>,
    /// Instances by id.
    pub instances: BTreeMap<Id, Instance>,
    /// Tasks by id.
    pub tasks: BTreeMap<Id, Task>,
    /// Armed timers by id.
    pub timers: BTreeMap<Id, Timer>,
}

/// Anything on the ledger (`DESIGN.md`, principle 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its id; sequence 0 for a root.
    pub id: Id,
    /// The item that it lies below.
    pub parent: Option<Id>,
    /// Its home module.
    pub module: Name,
    /// Its kind, in that module.
    pub kind: Name,
    /// Open, suspended, done or cancelled.
    pub state: ItemState,
    /// Where it stands on the workflow's stage bar (R26).
    pub stage: Option<Name>,
    /// The nearest unmet date.
    pub next_due: Option<Date>,
    /// The year that it belongs to.
    pub year: i16,
    /// Since when it is suspended.
    pub suspended_on: Option<Date>,
    /// The form's fields, as JSON: see [`crate::definition::form::FieldKind`].
    pub fields: Map<String, Json>,
    /// Who has or had a task on it, or created it.
    pub participants: BTreeSet<PersonId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it; none for an item that a timer created.
    pub created_by: Option<PersonId>,
}

/// The state of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Under way.
    Open,
    /// Suspended: clock stopped (R11).
    Suspended,
    /// Done.
    Done,
    /// Cancelled.
    Cancelled,
}

/// A running or ended workflow instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Its id.
    pub id: Id,
    /// Its workflow's name.
    pub workflow: Name,
    /// The workflow version that it started with and stays on.
    pub version: Name,
    /// The item that it runs on.
    pub item: Id,
    /// The token of the calling instance that waits for it or stays open around it.
    pub caller: Option<Caller>,
    /// Where it stands.
    pub tokens: Vec<Token>,
    /// The latest data of each node's form, by node.
    pub forms: BTreeMap<Name, Map<String, Json>>,
    /// Who completed each node's task last: gets it back when the node is entered again.
    #[serde(default)]
    pub doers: BTreeMap<Name, PersonId>,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// When it started.
    pub started_at: Timestamp,
}

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// At an end node, with its result.
    With(Name),
    /// Cancelled from outside.
    Cancelled,
}

/// Who called an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The calling instance.
    pub instance: Id,
    /// Its token, on a call or a stage.
    pub token: u32,
}

/// A token: one point of control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number, unique in the instance.
    pub id: u32,
    /// The node that it is at.
    pub node: Name,
    /// For a stage with a repeating child: the value of `at` that the latest child began for.
    pub begun_for: Option<Timestamp>,
}

/// A person's task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: Id,
    /// Its instance.
    pub instance: Id,
    /// The item that it is about.
    pub item: Id,
    /// Its token.
    pub token: u32,
    /// Its node.
    pub node: Name,
    /// Who may do it, sorted; while nobody has taken it, any of them.
    pub candidates: Vec<PersonId>,
    /// Who has taken it.
    pub assignee: Option<PersonId>,
    /// The day by which it is due.
    pub due: Option<Date>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: TaskState,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// Done.
    Completed {
        /// With which outcome.
        outcome: Name,
        /// By whom.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// The comment given.
        comment: Option<String>,
    },
    /// Closed by something else.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// An armed timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its id.
    pub id: Id,
    /// Its instance.
    pub instance: Id,
    /// Its token.
    pub token: u32,
    /// What it is for.
    pub purpose: Purpose,
    /// When it fires.
    pub due: Timestamp,
    /// Whether it stands still, because its item or one above it is suspended.
    pub paused: bool,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The stage's repeating child.
    Every,
    /// The boundary event at this place of the node's list.
    Boundary(u16),
}

impl Case {
    /// A case of root `root` with nothing in it.
    #[must_use]
    pub const fn new(root: i64) -> Self {
        Self {
            root,
            next: 1,
            items: BTreeMap::new(),
            instances: BTreeMap::new(),
            tasks: BTreeMap::new(),
            timers: BTreeMap::new(),
        }
    }

    /// The root item.
    #[must_use]
    pub fn root_item(&self) -> Option<&Item> {
        self.items.get(&Id::root_item(self.root))
    }

    /// The next id below the root. Events carry it; `apply` moves `next` past it.
    #[must_use]
    pub const fn fresh(&self) -> Id {
        Id::below(self.root, self.next)
    }
}
