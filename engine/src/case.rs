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
    event::Cause,
    id::{Id, PersonId, UnitId},
    text::Name,
    value::Data,
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
    /// Open incidents by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub incidents: BTreeMap<Id, Incident>,
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
    /// The number of the next token.
    #[serde(default)]
    pub next_token: u32,
    /// The latest data of each node's form, by node.
    pub forms: BTreeMap<Name, Data>,
    /// Who completed each node's task last: gets it back when the node is entered again.
    #[serde(default)]
    pub doers: BTreeMap<Name, PersonId>,
    /// Everybody who ever had a hand in completing each node's task: who must not do what `not_by` keeps apart from it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hands: BTreeMap<Name, BTreeSet<PersonId>>,
    /// Who began it: by creating its item, by an offer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub begun_by: BTreeSet<PersonId>,
    /// The result of the end that a path of it reached last, while other paths still run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Name>,
    /// Messages that came before they were waited for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// Completions that can still be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Undo>,
    /// The versions of the workflows that it calls pinned, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned: BTreeMap<Name, Name>,
    /// The way back from its latest migration, until that is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrated: Option<Box<WayBack>>,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// When it started.
    pub started_at: Timestamp,
}

/// What an instance was before it was migrated, and how the migration left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WayBack {
    /// The version that it left.
    pub version: Name,
    /// Its tokens then.
    pub tokens: Vec<Token>,
    /// The data of its forms then; none where they have kept their names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forms: Option<BTreeMap<Name, Data>>,
    /// Its doers then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub doers: BTreeMap<Name, PersonId>,
    /// Who had a hand in its tasks then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hands: BTreeMap<Name, BTreeSet<PersonId>>,
    /// What could be taken back then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Undo>,
    /// Its pinned versions then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned: BTreeMap<Name, Name>,
    /// Its open tasks then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// Its timers then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// Its incidents then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<Incident>,
    /// The running children whose stage had another name then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<(Id, Caller)>,
    /// A hash of what the migration left: while it is the same, the instance can be taken back.
    pub mark: String,
}

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// At an end node, with its result.
    With(Name),
    /// At an end node, with an error of this name.
    Error(Name),
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
    /// Of a call for each element: the place of the member that it runs for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<u32>,
    /// The offer of the stage that began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Name>,
    /// The stage that it belongs to; it may go on while the token is elsewhere. None for a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Name>,
}

/// A stage that its token has left with its children running.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptStage {
    /// The stage.
    pub node: Name,
    /// The value of `at` that its latest repeating child began for.
    pub begun_for: Option<Timestamp>,
    /// Its members.
    pub members: Vec<Member>,
}

/// A token: one point of control.
///
/// A token at a `fork` or `any` stays there while its branches run, each as a token of its own with a [`Place`]; it goes on
/// from their `join`. So whatever leaves the fork closes its branches, and a join counts the branches of one round only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its number, unique in the instance.
    pub id: u32,
    /// The node that it is at, or has just left.
    pub node: Name,
    /// True between two nodes; never at the end of a command.
    #[serde(default, skip_serializing_if = "is_false")]
    pub transit: bool,
    /// For a stage with a repeating child: the value of `at` that the latest child began for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_for: Option<Timestamp>,
    /// Of a branch: which one, of which token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Of a branch that its join has not waited for: the branches it is in all the same, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loose: Vec<(Name, u16)>,
    /// Of a token at a `fork` or `any`: the branches that it opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<Branch>,
    /// The tasks that were completed on its way, each once, the latest last: where it can return to. Of a branch those in it;
    /// what lies before its fork stands at the token that opened it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Name>,
    /// After a return that comes straight back: the node to which the next completion leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub straight: Option<Name>,
    /// Of a group, or a call for each element: its members, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// The stages that it has left with their children running, to be entered again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptStage>,
    /// The call of another system whose answer it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Id>,
    /// The open task that it waits for, unless it has members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Id>,
    /// At a node with a lock whose work is the platform's: its place among those that wait until the lock is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u32>,
    /// At a node with a lock: true once somebody has begun to work there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub begun: bool,
    /// The completions that can be taken back and led here; those that led to its fork stand at the token that opened it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Id>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Which branch a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The token at the `fork` or `any`.
    pub of: u32,
    /// The branch's place in the node's list, from 0; behind the last one: else.
    pub branch: u16,
}

/// A branch that a token opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its place in the node's list.
    pub branch: u16,
    /// Where it stands.
    pub state: BranchState,
}

/// Where a branch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchState {
    /// Under way.
    Open,
    /// It has arrived at the join.
    Arrived,
    /// It has ended without arriving.
    Ended,
}

/// A member of a group, or an element that a child runs for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Who or what.
    pub key: Element,
    /// The unit that he stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// His open or latest task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Id>,
    /// Its child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<Id>,
    /// The outcome that he chose, or the result of the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vote: Option<Name>,
    /// Who added him 加签; none for one whom the definition means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<PersonId>,
    /// True for one who is no longer meant, or was left out, and had not voted; he does not count.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gone: bool,
    /// Who left him out 减签; he does not come back when facts change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_by: Option<PersonId>,
}

impl Member {
    /// One who has not voted.
    #[must_use]
    pub const fn new(key: Element, unit: Option<UnitId>) -> Self {
        Self { key, unit, task: None, child: None, vote: None, added_by: None, gone: false, removed_by: None }
    }

    /// Whether he counts and has not voted.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.gone && self.vote.is_none()
    }
}

/// What a member stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// A person.
    Person(PersonId),
    /// A unit.
    Unit(UnitId),
    /// A text.
    Text(String),
}

/// A message that came before it was waited for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name.
    pub name: Name,
    /// Its key.
    pub key: Option<String>,
    /// Its data.
    pub data: Map<String, Json>,
    /// The service that sent it; none for one of the platform's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Name>,
    /// Of one that was sent in the case: the completions that led to it and can be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
}

/// A completion that can still be taken back (R16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// The completed task.
    pub task: Id,
    /// Its node.
    pub node: Name,
    /// Its token.
    pub token: u32,
    /// Who completed it.
    pub by: PersonId,
    /// Until when it can be taken back.
    pub until: Timestamp,
    /// What the item's fields were before, and what the completion made of them, each field once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// True once another system was called because of it: it can not be taken back any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outside: bool,
    /// The earlier completions of its instance that led to it and could be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Id>,
    /// The trail of its path then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Name>,
    /// Where its path was to come straight back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub straight: Option<Name>,
    /// Of a group: its members then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// True while its branch has arrived, or has ended, and the path that opened it still waits for others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waits: bool,
}

/// How a field changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The item.
    pub item: Id,
    /// The field.
    pub field: Name,
    /// Before; null when it was absent.
    pub before: Json,
    /// After.
    pub after: Json,
}

/// Something that needs an administrator: nobody can do a task, another system failed, an error was not caught.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: Id,
    /// The instance.
    pub instance: Id,
    /// The token.
    pub token: u32,
    /// The node.
    pub node: Name,
    /// The task that nobody can do.
    pub task: Option<Id>,
    /// What happened.
    pub cause: IncidentCause,
    /// When.
    pub opened_at: Timestamp,
}

/// What an incident is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentCause {
    /// Nobody holds the post, and no fallback gives anybody.
    Nobody,
    /// A group, or a call for each element, has no members.
    Empty,
    /// Another system did not answer as it should, after all tries.
    Service {
        /// The service.
        service: Name,
        /// Its last answer, in short.
        message: String,
    },
    /// A called workflow ended with an error that nobody catches.
    Error {
        /// The error's name.
        error: Name,
    },
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
    /// Of a group: the place of its member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<u32>,
    /// Who has delegated it 委托 and gets it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// True once a person has passed it on: who does it no longer follows the definition.
    #[serde(default, skip_serializing_if = "is_false")]
    pub passed: bool,
    /// True for a task of a group that has ended: it only takes a comment.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
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
        /// Who did it in his name; none where he did it himself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<PersonId>,
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
    /// How often it has fired before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub count: u32,
    /// Of a repeating timer behind its first time: when that was, from which the others are reckoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
}

impl Timer {
    /// The first of its times.
    #[must_use]
    pub fn first(&self) -> Timestamp {
        self.first.unwrap_or(self.due)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The stage's repeating child.
    Every,
    /// The boundary event at this place of the node's list.
    Boundary(u16),
    /// The end of a wait.
    Wait,
}

/// What an instance stores beside its names and the data of its forms, which have places of their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// See [`Instance::caller`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
    /// See [`Instance::tokens`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
    /// See [`Instance::next_token`].
    pub next_token: u32,
    /// See [`Instance::doers`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub doers: BTreeMap<Name, PersonId>,
    /// See [`Instance::hands`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hands: BTreeMap<Name, BTreeSet<PersonId>>,
    /// See [`Instance::begun_by`].
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub begun_by: BTreeSet<PersonId>,
    /// See [`Instance::result`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Name>,
    /// See [`Instance::kept`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// See [`Instance::undo`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Undo>,
    /// See [`Instance::pinned`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned: BTreeMap<Name, Name>,
    /// See [`Instance::migrated`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrated: Option<Box<WayBack>>,
}

impl Instance {
    /// Its state.
    #[must_use]
    pub fn state(&self) -> State {
        State {
            caller: self.caller.clone(),
            tokens: self.tokens.clone(),
            next_token: self.next_token,
            doers: self.doers.clone(),
            hands: self.hands.clone(),
            begun_by: self.begun_by.clone(),
            result: self.result.clone(),
            kept: self.kept.clone(),
            undo: self.undo.clone(),
            pinned: self.pinned.clone(),
            migrated: self.migrated.clone(),
        }
    }
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
            incidents: BTreeMap::new(),
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
