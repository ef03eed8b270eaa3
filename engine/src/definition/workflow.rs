//! A workflow: nodes joined by named outcomes (`DESIGN.md`, A workflow).

use std::collections::BTreeMap;

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
    /// A sub-workflow, waited for.
    Call(Call),
    /// Stays open while work goes on inside it.
    Stage(Stage),
    /// Ends the instance with a result.
    End(End),
}

/// A human task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Who may do it; several people are candidates, the first to take it does it.
    pub assign: Assign,
    /// The form to complete, if any.
    pub form: Option<Name>,
    /// The day by which it is due (a date), if any.
    pub due: Option<Expr>,
    /// What it may end with, in the written order.
    pub outcomes: Vec<Outcome>,
}

/// One outcome of a task.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its name, unique in the task.
    pub name: Name,
    /// The button's text.
    pub title: Text,
    /// The node that follows.
    pub to: Name,
    /// What must be given beside the form: `comment`.
    pub requires: Vec<Requirement>,
    /// Offered only where this is true; absent means always.
    pub when: Option<Expr>,
    /// True for a return 退回 to an earlier node: it is drawn and coloured as one, and the form is not required.
    pub is_return: bool,
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
    /// The node that follows each result of the child. Covers every result that the child can have.
    pub results: BTreeMap<Name, Name>,
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
    /// Where it leads, if it ends the stage; what is open inside is cancelled.
    pub to: Option<Name>,
}

/// The end of an instance.
#[derive(Debug, Clone)]
pub struct End {
    /// The result that a caller reads.
    pub result: Name,
    /// What it does first.
    pub acts: Vec<Act>,
}

/// A boundary event: something that happens while its node is open, without interrupting it unless it has a target.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// When.
    pub trigger: Trigger,
    /// What it does.
    pub acts: Vec<Act>,
    /// The node to go to, which interrupts this one; absent: the node goes on.
    pub to: Option<Name>,
}

/// When a boundary event fires.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// This long after the node was entered.
    After(crate::value::Span),
    /// At this date or instant; re-arms when a fact that it reads changes.
    At(Expr),
    /// When the value of one of these changes, by whatever command: an edit, an import. Once per command.
    Changed(Vec<Expr>),
}
