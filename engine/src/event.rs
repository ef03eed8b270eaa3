//! What happened to a case. A released event never changes its meaning; a new meaning is a new variant.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    case::{Caller, Ended, IncidentCause, Item, Kept, Member, Place, Purpose, Token},
    command::{Actor, Resolution, Turn},
    id::{Id, PersonId},
    text::Name,
    value::Data,
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
    /// A closed item was opened again; its state and an instance follow.
    Reopened {
        /// Which.
        item: Id,
        /// The node at which its workflow begins.
        node: Name,
        /// The reason.
        comment: Option<String>,
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
        /// The completions because of which it changed and that can be taken back: task and the instance that keeps them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        causes: Vec<Cause>,
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
        /// The versions of the workflows that it calls pinned, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pinned: BTreeMap<Name, Name>,
    },
    /// A token arrived at a node.
    NodeEntered {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node.
        node: Name,
        /// Of a new branch: which one it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A token opened branches at a `fork` or `any`; their entries follow.
    Split {
        /// The instance.
        instance: Id,
        /// The token that stays at the node.
        token: u32,
        /// The branches, by their places in the node's list.
        branches: Vec<u16>,
    },
    /// A branch arrived at its join and is gone.
    BranchArrived {
        /// The instance.
        instance: Id,
        /// The branch's token.
        token: u32,
    },
    /// The branches that a join did not wait for go on by themselves, and end when they arrive.
    BranchesLoosed {
        /// The instance.
        instance: Id,
        /// The token at the `fork` or `any`.
        token: u32,
    },
    /// A token is gone: its path has ended.
    TokenEnded {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The result of the end node that it came to; none for one that was closed.
        result: Option<Name>,
    },
    /// A token is on its way back to an earlier node 退回; leaving and entering follow.
    Returned {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node that it leaves.
        from: Name,
        /// The node to which it goes back.
        to: Name,
        /// Whether it then comes straight back.
        straight: bool,
    },
    /// People were added to those who sign 加签; the members follow.
    SignersAdded {
        /// The task of the one who added them.
        task: Id,
        /// Who.
        people: Vec<PersonId>,
        /// When they have their turn.
        turn: Turn,
        /// The comment.
        comment: Option<String>,
    },
    /// Somebody was left out of those who sign 减签; the members follow.
    SignerRemoved {
        /// The instance.
        instance: Id,
        /// The node.
        node: Name,
        /// Who.
        person: PersonId,
        /// The comment.
        comment: Option<String>,
    },
    /// A group, a call or a stage for each element has these members now; their open tasks are theirs by these places.
    Members {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// All of them, in order.
        members: Vec<Member>,
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
    /// A token is about to leave a stage whose children go on until it is entered again.
    StageKept {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
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
        /// Of a group: the place of its member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member: Option<u32>,
    },
    /// The platform's work at a node waits until nobody works at another with the same lock.
    Held {
        /// The instance.
        instance: Id,
        /// The token at the node.
        token: u32,
    },
    /// Work began at a node with a lock: somebody's, or the platform's that was held up.
    WorkBegun {
        /// The instance.
        instance: Id,
        /// The token at the node.
        token: u32,
    },
    /// A task was passed on.
    TaskPassed {
        /// Which.
        task: Id,
        /// How.
        how: Passing,
        /// By whom; none for the platform.
        from: Option<PersonId>,
        /// To whom.
        to: Vec<PersonId>,
        /// The comment.
        comment: Option<String>,
    },
    /// A task was not opened, because who would do it has done the step before it.
    TaskSkipped {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node.
        node: Name,
        /// The outcome that was taken for him.
        outcome: Name,
        /// Who.
        person: PersonId,
    },
    /// A task's group has ended without it: it stays for a comment.
    TaskLate {
        /// Which.
        task: Id,
    },
    /// The doer was urged 催办.
    TaskUrged {
        /// Which.
        task: Id,
        /// The comment.
        comment: Option<String>,
    },
    /// People may read the item from now on 抄送.
    Copied {
        /// The item.
        item: Id,
        /// Who.
        people: Vec<PersonId>,
        /// The comment.
        comment: Option<String>,
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
        form: Option<Data>,
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
    /// A completion can be taken back until a moment.
    Withdrawable {
        /// The completed task.
        task: Id,
        /// Until when.
        until: Timestamp,
    },
    /// A completion was taken back 撤回; what it led to has been closed, its task opens again.
    Withdrawn {
        /// The completed task.
        task: Id,
        /// Fields that somebody else has changed since and that were left as they are.
        left: Vec<Left>,
        /// The token that goes back; none where a branch alone opens again, or a vote alone is taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved: Option<u32>,
        /// The comment.
        comment: Option<String>,
    },
    /// A message came before it was waited for, and is kept.
    MessageKept {
        /// The instance that will wait for it.
        instance: Id,
        /// The message.
        message: Kept,
    },
    /// A waiting token heard a message.
    MessageHeard {
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The message.
        message: Kept,
        /// Whether it was a kept one, which is gone now.
        kept: bool,
        /// Whether its data becomes the node's latest form.
        form: bool,
    },
    /// Another system was asked.
    Asked {
        /// The id of the question.
        asked: Id,
        /// The instance.
        instance: Id,
        /// The token that waits for the answer.
        token: u32,
        /// The completions because of which it was asked and that can no longer be taken back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        causes: Vec<Cause>,
    },
    /// Another system answered, or failed for good (`data` is none then).
    Answered {
        /// The id of the question.
        asked: Id,
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// What becomes the node's latest form.
        data: Option<Map<String, Json>>,
    },
    /// Something needs an administrator.
    IncidentOpened {
        /// Its id.
        incident: Id,
        /// The instance.
        instance: Id,
        /// The token.
        token: u32,
        /// The node.
        node: Name,
        /// The task that nobody can do.
        task: Option<Id>,
        /// What happened.
        cause: IncidentCause,
    },
    /// An incident is over.
    IncidentClosed {
        /// Which.
        incident: Id,
        /// How it was resolved; none where it ended by itself.
        how: Option<Resolution>,
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
        /// How often it has fired before.
        #[serde(default, skip_serializing_if = "is_zero")]
        count: u32,
        /// Of a repeating timer behind its first time: when that was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<Timestamp>,
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
        /// Of a repeating timer behind its first time: when that was; none where its times are reckoned from `due` now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<Timestamp>,
    },
    /// An instance was moved to another version of its workflow; what follows from that comes behind it.
    Migrated {
        /// The instance.
        instance: Id,
        /// The version that it left.
        from: Name,
        /// The version on which it goes on.
        to: Name,
        /// The nodes that have another name there: old and new.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        nodes: BTreeMap<Name, Name>,
        /// The versions of the workflows that it calls pinned, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pinned: BTreeMap<Name, Name>,
        /// Its tokens as they are there.
        tokens: Vec<Token>,
    },
    /// A migration is done, and can be taken back as long as the instance stays as it is now.
    MigrationOpen {
        /// The instance.
        instance: Id,
    },
    /// A migration was taken back: the instance is as it was before it.
    MigratedBack {
        /// The instance.
        instance: Id,
    },
    /// A migration can not be taken back any more.
    MigrationConfirmed {
        /// The instance.
        instance: Id,
    },
    /// An instance ended.
    InstanceEnded {
        /// Which.
        instance: Id,
        /// How.
        ended: Ended,
    },
}

/// A completion that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cause {
    /// The instance that keeps it.
    pub instance: Id,
    /// The completed task.
    pub task: Id,
}

/// A field that a withdrawal left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The item.
    pub item: Id,
    /// The field.
    pub field: Name,
}

/// How a task is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passing {
    /// 转办: for good.
    Transfer,
    /// 委托: to work on it and hand it back.
    Delegate,
    /// Handed back to who had delegated it.
    HandBack,
    /// By a ladder's last rung or an administrator.
    Reassign,
    /// Back to those whom the definition means, after its doer has left.
    Back,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}
