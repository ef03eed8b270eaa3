//! A workflow: nodes joined by named outcomes (`DESIGN.md`, A workflow).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    expr::Expr,
    text::{Name, Text},
};

/// A workflow as it runs. Every name in it resolves, every expression is typed.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Its name, unique among workflows.
    pub name: Name,
    /// Content hash of its source and of the forms that it uses: 64 lower-case hexadecimal digits.
    pub version: Name,
    /// Shown title.
    pub title: Text,
    /// Where an instance starts.
    pub start: Name,
    /// The stage bar (R26), in order: name and title.
    pub stages: Vec<(Name, Text)>,
    /// The nodes by name.
    pub nodes: BTreeMap<Name, Node>,
    /// The branches that each node lies in, the outermost first: see [`super::regions`]. A node in none is not listed.
    pub regions: BTreeMap<Name, Vec<(Name, u16)>>,
    /// Of each fork: the nodes from which a branch can not come to its join any more, see [`super::astray`].
    pub astray: BTreeMap<Name, BTreeSet<Name>>,
    /// Whether work that can be open reads forms, so that it must be looked at again when one is completed.
    pub follows_forms: bool,
}

/// One node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name, unique in the workflow.
    pub name: Name,
    /// Shown title; the name where the definition gives none.
    pub title: Text,
    /// The stage of the bar that entering this node sets on the instance's item; none leaves it.
    pub stage: Option<Name>,
    /// What it does.
    pub kind: NodeKind,
    /// Boundary events, in the written order.
    pub boundary: Vec<Boundary>,
    /// Of a task, a call, a stage or an action: only one of a run's nodes with the same lock is worked at a time.
    pub lock: Option<Name>,
}

/// The kinds of node (BPMN 2.0 §10 and §13 where the names agree).
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// A person's task with named outcomes.
    Task(Task),
    /// Work of the platform: sets fields, sends notices; then goes on.
    Action(Action),
    /// Exclusive choice: the first branch whose condition is true.
    Choose(Choose),
    /// Inclusive choice: every branch whose condition is true, at the same time.
    Any(Choose),
    /// Every branch at the same time.
    Fork(Vec<Name>),
    /// Where branches come together again.
    Join(Join),
    /// Waits for a time or a message.
    Wait(Wait),
    /// A sub-workflow, waited for.
    Call(Call),
    /// Stays open while work goes on inside it.
    Stage(Stage),
    /// Ends the instance with a result.
    End(End),
}

impl NodeKind {
    /// The workflows that it calls.
    #[must_use]
    pub fn calls(&self) -> Vec<Name> {
        match self {
            Self::Call(call) => vec![call.workflow.clone()],
            Self::Stage(stage) => {
                let every = stage.every.iter().map(|every| &every.call);
                let each = stage.each.iter().map(|each| &each.call);
                let offered = stage.offers.iter().filter_map(|offer| offer.call.as_ref()).map(|call| &call.workflow);
                every.chain(each).chain(offered).cloned().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A human task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Who may do it; several people are candidates, the first to take it does it. Of a group: who its members are.
    pub assign: Assign,
    /// Several people (or units) do it, each for himself: 会签, 或签, 票签.
    pub group: Option<Group>,
    /// The form to complete, if any.
    pub form: Option<Name>,
    /// The day by which it is due (a date), if any.
    pub due: Option<Due>,
    /// What it may end with, in the written order.
    pub outcomes: Vec<Outcome>,
    /// Who does it instead where `assign` gives nobody, tried in order; nobody at all is an incident.
    pub fallback: Vec<Assign>,
    /// Who must not do it, by whatever way it comes to him: separation of duty.
    pub not_by: Vec<NotBy>,
    /// The outcome that the platform takes by itself where the one who would do it has done the step before it.
    pub skip_same: Option<Name>,
    /// What its doers may do with it beside completing it.
    pub allow: Vec<Operation>,
    /// Whoever completed it may take that back for this long.
    pub withdraw: Option<Withdraw>,
}

/// Who must not do a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotBy {
    /// Whoever created the item or began this run.
    Creator,
    /// Whoever completed the first task on the same path.
    Starter,
    /// Whoever ever completed this node of the run.
    Node(Name),
}

/// A group: one task each for several members, which ends with exactly one outcome.
#[derive(Debug, Clone)]
pub struct Group {
    /// True for one member per unit that `assign` names (its holders are candidates), false for one per person.
    pub per_unit: bool,
    /// True where one member after the other has his turn, in order of units and people as listed; false for all at once.
    pub sequence: bool,
    /// True keeps the members of the start whatever facts change.
    pub fixed: bool,
    /// The outcome where there are no members at all; none makes that an incident.
    pub empty: Option<Name>,
}

/// When a group ends with an outcome. Rules are tried in the written order after each vote.
#[derive(Debug, Clone)]
pub enum Rule {
    /// As soon as one member chose it.
    Any,
    /// Once all have chosen it.
    All,
    /// As soon as the member of the item's lead unit chose it.
    Lead,
    /// As soon as so many members chose it.
    Count(u32),
    /// As soon as so many per cent of the members (1 to 100, rounded up to whole members) chose it.
    Percent(u8),
    /// Once no other rule can hold any more.
    Rest,
    /// Once this is true of `votes` (how many chose each outcome, `total`, `open`).
    When(Expr),
}

/// What the doer of a task may do with it beside completing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// 转办: somebody else does it instead.
    Transfer,
    /// 委托: somebody else works on it and hands it back.
    Delegate,
    /// 加签: further people sign before, after or beside him.
    AddSigner,
    /// 减签: an added or resolved signer who has not signed is left out.
    RemoveSigner,
    /// 退回: back to any earlier task of this run.
    Return,
    /// 抄送, 传阅: somebody else may read it.
    Copy,
}

/// That a completion may be taken back.
#[derive(Debug, Clone)]
pub struct Withdraw {
    /// For how long, by the server's clock.
    pub within: crate::value::Span,
    /// Only while this is true; absent means always.
    pub when: Option<Expr>,
}

/// Where branches come together again.
#[derive(Debug, Clone)]
pub struct Join {
    /// The `fork` or `any` whose branches it joins.
    pub of: Name,
    /// How many branches it waits for; none waits for all that are under way.
    pub count: Option<u32>,
    /// True lets the branches that are still under way go on where it did not wait for all, false cancels them.
    pub stay: bool,
    /// The node that follows.
    pub next: Name,
}

/// Waits for a time or a message.
#[derive(Debug, Clone)]
pub struct Wait {
    /// For what.
    pub until: Trigger,
    /// The form that the message's data fits, if any; the data is `forms.NODE` then.
    pub form: Option<Name>,
    /// The node that follows.
    pub next: Name,
}

/// One outcome of a task.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its name, unique in the task.
    pub name: Name,
    /// The button's text.
    pub title: Text,
    /// Where it leads.
    pub to: Goto,
    /// What must be given beside the form: `comment`.
    pub requires: Vec<Requirement>,
    /// Offered only where this is true; absent means always.
    pub when: Option<Expr>,
    /// Of a group: when the group ends with it.
    pub rule: Option<Rule>,
    /// Of a group: true lets the members who have not voted by then still give a comment, false closes their tasks.
    pub stay: bool,
    /// True for a return 退回 to an earlier node: it is drawn and coloured as one, and the form is not required.
    pub is_return: bool,
    /// Of a return: true comes straight back here afterwards, false goes through all steps again.
    pub straight: bool,
}

/// Where an outcome leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goto {
    /// To this node.
    Node(Name),
    /// Back to the task that was completed last before this one on the same path.
    Previous,
    /// Back to the first task of the run on the same path.
    Starter,
}

impl Goto {
    /// The node that it names; none where only the run can tell.
    #[must_use]
    pub const fn node(&self) -> Option<&Name> {
        match self {
            Self::Node(name) => Some(name),
            Self::Previous | Self::Starter => None,
        }
    }
}

/// What an outcome or an offer demands beside its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// A comment (意见) of at least one character.
    Comment,
}

/// Who may do something.
#[derive(Debug, Clone)]
pub enum Assign {
    /// Holders of any of the posts in the units that `unit` gives (a unit or a list of units); without `unit`, anywhere.
    Post {
        /// Names of posts in the organisation form.
        posts: Vec<Name>,
        /// The unit or units.
        unit: Option<Expr>,
    },
    /// The person or people that an expression gives.
    Person(Expr),
}

/// Work of the platform.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it does, in the written order.
    pub acts: Vec<Act>,
    /// The node that follows.
    pub next: Name,
}

impl Action {
    /// The call of another system, where it is one.
    #[must_use]
    pub fn http(&self) -> Option<&Http> {
        self.acts.iter().find_map(|act| if let Act::Http(http) = act { Some(http) } else { None })
    }
}

/// One thing that an action, an end, an offer or a boundary event does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sets a field of the item.
    Set {
        /// Which.
        target: Target,
        /// To what.
        value: Expr,
    },
    /// Sends a notice from a template.
    Notify {
        /// The template's name.
        template: Name,
        /// To whom.
        to: Vec<Recipient>,
    },
    /// Gives the node's open tasks to others: the last rung of a ladder.
    Reassign(Vec<Assign>),
    /// Lets others read the item, and tells them: 抄送, 传阅.
    Copy(Vec<Recipient>),
    /// Calls another system, and waits for its answer. Only in an `action`, as its only act.
    Http(Http),
    /// Sends a message inside the case.
    Send(Send),
}

/// A message that is sent to whatever waits for it in the same case.
#[derive(Debug, Clone)]
pub struct Send {
    /// The message's name.
    pub name: Name,
    /// Its key.
    pub key: Option<Expr>,
    /// Its data: fields of the forms of the waits that hear it.
    pub data: Vec<(Name, Expr)>,
}

/// A call of another system.
#[derive(Debug, Clone)]
pub struct Http {
    /// The service's name, whose address and secret are settings of the server, never part of a definition.
    pub service: Name,
    /// What is appended to the service's address, beginning with `/`.
    pub path: String,
    /// The fields of the JSON body.
    pub body: Vec<(Name, Expr)>,
    /// How often it is tried in all before it fails: 1 to 20.
    pub tries: u8,
    /// How long to wait before the second try; doubled before each further one.
    pub back_off: crate::value::Span,
    /// The form that the answer fits, if any; the answer is `forms.NODE` then.
    pub form: Option<Name>,
}

/// A field that an act may set: of the instance's item, or of that item's parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// True for a field of the parent item.
    pub parent: bool,
    /// A platform attribute or a field of the item's form.
    pub field: Name,
}

/// Who gets a notice.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// The assignee, or the candidates, of the node's open tasks; in a stage, of all open tasks below it.
    Assignees,
    /// Whoever an assignment gives.
    Who(Assign),
}

/// Exclusive choice.
#[derive(Debug, Clone)]
pub struct Choose {
    /// Tried in order.
    pub branches: Vec<(Expr, Name)>,
    /// Where none holds.
    pub otherwise: Name,
}

/// A sub-workflow.
#[derive(Debug, Clone)]
pub struct Call {
    /// Which workflow.
    pub workflow: Name,
    /// On which item it runs.
    pub item: CallItem,
    /// One child for each element of a list; none calls it once.
    pub each: Option<Each>,
    /// True runs the children on the workflow's version in force when the caller started, false on the latest one.
    pub pinned: bool,
    /// What follows each result of the child, in the written order. Covers every result that the child can have.
    pub results: Vec<CallResult>,
}

/// What follows a result of a called workflow.
#[derive(Debug, Clone)]
pub struct CallResult {
    /// The result.
    pub result: Name,
    /// The node that follows.
    pub to: Name,
    /// With `each`: when the call as a whole ends with it.
    pub rule: Option<Rule>,
}

/// One child for each element of a list: units, people or texts; `element` is the child's own in `set` of its item.
#[derive(Debug, Clone)]
pub struct Each {
    /// The list.
    pub list: Expr,
    /// True where one child runs after the other, false for all at once.
    pub sequence: bool,
    /// True keeps the list of the start whatever facts change.
    pub fixed: bool,
    /// The node that follows where the list is empty; none makes that an incident. In a stage: nothing happens.
    pub empty: Option<Name>,
}

/// The item of a called workflow.
#[derive(Debug, Clone)]
pub enum CallItem {
    /// The caller's own item.
    Same,
    /// A new item of this kind (in the caller's module) below the caller's item, with these fields set first.
    New {
        /// The kind.
        kind: Name,
        /// Fields and their first values; expressions see the caller's scope.
        set: Vec<(Name, Expr)>,
    },
}

/// A stage: open until an offer (or, later, a message) leads out of it.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The repeating child, if any.
    pub every: Option<Every>,
    /// The children that are open for each element of a list, if any.
    pub each: Option<StageEach>,
    /// What happens when a child ends with a result: `(workflow, result)` to acts on the caller's item; `child` is the child's item.
    pub on_done: BTreeMap<(Name, Name), Vec<Act>>,
    /// What somebody may do meanwhile, in the written order.
    pub offers: Vec<Offer>,
}

/// A child that begins again and again.
///
/// The timer stands at the value of `at` and re-arms whenever a fact that `at` reads changes. It begins a child once for each
/// value of `at`; while a child is open it waits until that has ended.
#[derive(Debug, Clone)]
pub struct Every {
    /// When: a date (00:00 of that day in the deployment's zone) or an instant. Null: never.
    pub at: Expr,
    /// The child.
    pub call: Name,
    /// Its item.
    pub item: CallItem,
}

/// One child for each element, while the stage is open: begins when the element comes, is cancelled when it goes.
#[derive(Debug, Clone)]
pub struct StageEach {
    /// The elements.
    pub each: Each,
    /// The child.
    pub call: Name,
    /// Its item.
    pub item: CallItem,
}

/// A workflow that an offer begins inside the stage. While it runs the offer is closed.
#[derive(Debug, Clone)]
pub struct OfferCall {
    /// Which workflow.
    pub workflow: Name,
    /// Its item.
    pub item: CallItem,
    /// The results that lead out of the stage, and where to.
    pub then: BTreeMap<Name, Name>,
}

/// What somebody may do while a stage is open.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its name, unique in the stage.
    pub name: Name,
    /// The button's text.
    pub title: Text,
    /// Who may.
    pub who: Assign,
    /// Offered only where this is true; absent means always.
    pub when: Option<Expr>,
    /// The form to complete, if any; its data is `form` in the expressions of `acts`.
    pub form: Option<Name>,
    /// What must be given beside the form.
    pub requires: Vec<Requirement>,
    /// What it does first.
    pub acts: Vec<Act>,
    /// With `set: form`, every field of the form is written to the item's field of that name.
    pub set_form: bool,
    /// True pauses the item (state `suspended`, timers stand still, open tasks can not be completed), false resumes it.
    pub pause: Option<bool>,
    /// The workflow that it begins inside the stage.
    pub call: Option<OfferCall>,
    /// Where it leads, if it ends the stage; what is open inside is cancelled, unless `keep`.
    pub to: Option<Name>,
    /// True leaves the stage's children running, so that they go on in the same stage when it is entered again.
    pub keep: bool,
}

/// The end of an instance.
#[derive(Debug, Clone)]
pub struct End {
    /// The result that a caller reads; of an error: its name.
    pub result: Name,
    /// What it ends.
    pub how: Ending,
    /// What it does first.
    pub acts: Vec<Act>,
}

/// What an end ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its own path; the instance ends with the last one (BPMN 2.0 §13.5.6).
    Normal,
    /// The whole instance, with everything that is open in it.
    Cancel,
    /// As `Cancel`, and its caller hears of an error instead of a result.
    Error,
}

/// A boundary event: something that happens while its node is open, without interrupting it unless it has a target.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// When.
    pub trigger: Trigger,
    /// Of a timer: happens again and again.
    pub repeat: Option<Repeat>,
    /// What it does.
    pub acts: Vec<Act>,
    /// The node to go to, which interrupts this one; absent: the node goes on.
    pub to: Option<Name>,
}

/// How long after something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// Calendar days, then an exact part; positive.
    Span(crate::value::Span),
    /// Working days by the module's calendar, at the same time of day; positive.
    Workdays(i32),
}

/// The day by which a task is due.
#[derive(Debug, Clone)]
pub enum Due {
    /// The date that this gives; follows the facts that it reads.
    On(Expr),
    /// Whole days after the day on which the task was opened.
    After(Delay),
}

impl Due {
    /// The expression that gives it, if one does.
    #[must_use]
    pub const fn expr(&self) -> Option<&Expr> {
        match self {
            Self::On(expr) => Some(expr),
            Self::After(_) => None,
        }
    }
}

/// When a boundary event fires.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// This long after the node was entered.
    After(Delay),
    /// At this date or instant; re-arms when a fact that it reads changes.
    At(Expr),
    /// When the value of one of these changes, by whatever command: an edit, an import. Once per command.
    Changed(Vec<Expr>),
    /// When this message comes.
    Message(Message),
    /// When a workflow called here ends with this error, or any where none is named; always interrupts.
    Error(Option<Name>),
}

/// A message that is waited for.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its name.
    pub name: Name,
    /// What its key must be, as text; absent takes any.
    pub key: Option<Expr>,
    /// True keeps a message that comes before it is waited for, false lets it pass unheard.
    pub keep: bool,
}

/// How a timer repeats.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// How long from one time to the next; positive.
    pub every: crate::value::Span,
    /// How often in all; none: until the node is left.
    pub times: Option<u32>,
    /// What happens for the times that passed while nothing ran.
    pub missed: Missed,
}

/// What happens for the times of a repeating timer that passed while nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missed {
    /// It happens once for all of them.
    #[default]
    Once,
    /// It happens once for each.
    All,
    /// It does not happen for them.
    Skip,
}

/// A way from a node to another.
#[derive(Debug, Clone, Copy)]
pub struct WayOut<'a> {
    /// The node that it leads to.
    pub to: &'a Name,
    /// Whether it is a return 退回.
    pub back: bool,
}

impl Workflow {
    /// The join of the branches of `fork`, a `fork` or an `any`.
    #[must_use]
    pub fn join_of(&self, fork: &Name) -> Option<(&Node, &Join)> {
        self.nodes.values().find_map(|node| match &node.kind {
            NodeKind::Join(join) if join.of == *fork => Some((node, join)),
            _ => None,
        })
    }
}

impl Node {
    /// The form that is filled in here: by a person, by a message, by another system.
    #[must_use]
    pub fn form(&self) -> Option<&Name> {
        match &self.kind {
            NodeKind::Task(task) => task.form.as_ref(),
            NodeKind::Wait(wait) => wait.form.as_ref(),
            NodeKind::Action(action) => action.http().and_then(|http| http.form.as_ref()),
            _ => None,
        }
    }

    /// The ways out of this node that name a node, boundary events included; a way that only the run can tell
    /// ([`Goto::Previous`], [`Goto::Starter`]) is not among them.
    pub fn ways(&self) -> impl Iterator<Item = WayOut<'_>> {
        let on = |to| WayOut { to, back: false };
        let mut all: Vec<WayOut<'_>> = Vec::new();
        match &self.kind {
            NodeKind::Task(task) => {
                for outcome in &task.outcomes {
                    all.extend(outcome.to.node().map(|to| WayOut { to, back: outcome.is_return }));
                }
            }
            NodeKind::Action(action) => all.push(on(&action.next)),
            NodeKind::Choose(choose) | NodeKind::Any(choose) => {
                all.extend(choose.branches.iter().map(|(_, to)| on(to)));
                all.push(on(&choose.otherwise));
            }
            NodeKind::Fork(branches) => all.extend(branches.iter().map(on)),
            NodeKind::Join(join) => all.push(on(&join.next)),
            NodeKind::Wait(wait) => all.push(on(&wait.next)),
            NodeKind::Call(call) => {
                all.extend(call.results.iter().map(|result| on(&result.to)));
                all.extend(call.each.iter().filter_map(|each| each.empty.as_ref()).map(on));
            }
            NodeKind::Stage(stage) => {
                all.extend(stage.offers.iter().filter_map(|offer| offer.to.as_ref()).map(on));
                let calls = stage.offers.iter().filter_map(|offer| offer.call.as_ref());
                all.extend(calls.flat_map(|call| call.then.values()).map(on));
            }
            NodeKind::End(_) => {}
        }
        all.extend(self.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).map(on));
        all.into_iter()
    }
}
