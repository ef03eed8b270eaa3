//! What people do with a task beside completing it. Whether it allows it is the engine's rule; who may urge is a policy's.

use docket_engine::{
    case::{Case, TaskState},
    command::Command,
    definition::workflow::Operation,
    id::{Id, PersonId},
    step,
    text::{Name, Text},
};

use super::{
    labels, run,
    runner::{self, Done},
    tasks::{self, Loaded},
};
use crate::{
    api::{
        caller::Caller,
        operations::{CommentInput, CopyInput, OperationsView, PassInput, ReturnInput, StepView},
        sent::Key,
        tasks::Completed,
    },
    failure::Failure,
};

/// Most people to whom a task is copied at once.
const MAX_PEOPLE: usize = 200;

/// Gives a task to somebody else.
///
/// # Errors
/// [`Failure::NotFound`] where it is not the caller's to see; what the engine refuses.
pub async fn transfer(caller: &Caller, id: Id, key: Key, input: PassInput) -> Result<Completed, Failure> {
    let (to, comment) = (person(&input.to, "/to")?, run::comment(input.comment)?);
    operate(caller, id, key, Command::Transfer { task: id, to, comment }).await
}

/// Lets somebody else work on a task.
///
/// # Errors
/// As [`transfer`].
pub async fn delegate(caller: &Caller, id: Id, key: Key, input: PassInput) -> Result<Completed, Failure> {
    let (to, comment) = (person(&input.to, "/to")?, run::comment(input.comment)?);
    operate(caller, id, key, Command::Delegate { task: id, to, comment }).await
}

/// Hands a delegated task back.
///
/// # Errors
/// As [`transfer`].
pub async fn hand_back(caller: &Caller, id: Id, key: Key, input: CommentInput) -> Result<Completed, Failure> {
    let comment = run::comment(input.comment)?;
    operate(caller, id, key, Command::HandBack { task: id, comment }).await
}

/// Returns a task to an earlier step.
///
/// # Errors
/// As [`transfer`].
pub async fn return_to(caller: &Caller, id: Id, key: Key, input: ReturnInput) -> Result<Completed, Failure> {
    let comment = run::comment(input.comment)?;
    let command = Command::Return { task: id, to: input.to.into(), straight: input.straight, comment };
    operate(caller, id, key, command).await
}

/// Lets others read the item of a task.
///
/// # Errors
/// As [`transfer`].
pub async fn copy(caller: &Caller, id: Id, key: Key, input: CopyInput) -> Result<Completed, Failure> {
    if input.people.is_empty() || input.people.len() > MAX_PEOPLE {
        let message = Text::new("请选择 1 至 200 人", "choose 1 to 200 people");
        return Err(Failure::invalid("/people", "count", message));
    }
    let numbered = (0..).zip(&input.people);
    let people = numbered.map(|(place, text): (usize, _)| person(text, &format!("/people/{place}")));
    let (people, comment) = (people.collect::<Result<Vec<_>, _>>()?, run::comment(input.comment)?);
    operate(caller, id, key, Command::Copy { task: id, people, comment }).await
}

/// Urges those who are to do a task.
///
/// # Errors
/// [`Failure::Forbidden`] where no policy lets the caller `urge`; as [`transfer`]. Who may urge need not see the item.
pub async fn urge(caller: &Caller, id: Id, key: Key, input: CommentInput) -> Result<Completed, Failure> {
    let loaded = tasks::any(caller, id).await?;
    if !may_urge(caller, &loaded) {
        return Err(if tasks::is_seen(caller, &loaded) { Failure::Forbidden } else { Failure::NotFound });
    }
    let comment = run::comment(input.comment)?;
    let done = run::command(caller, key, Some(id.root()), Command::Urge { task: id, comment }).await?;
    completed(caller, id, &done).await
}

/// Takes back what the caller completed.
///
/// # Errors
/// As [`transfer`].
pub async fn withdraw(caller: &Caller, id: Id, key: Key, input: CommentInput) -> Result<Completed, Failure> {
    let comment = run::comment(input.comment)?;
    operate(caller, id, key, Command::Withdraw { task: id, comment }).await
}

fn may_urge(caller: &Caller, loaded: &Loaded) -> bool {
    caller.visibility("urge", &loaded.entry.item.kind).sees(&loaded.entry.facts(caller))
}

/// A person's id as it is sent.
///
/// # Errors
/// A text that is none.
pub fn person(text: &str, pointer: &str) -> Result<PersonId, Failure> {
    let message = || Text::new("请选择人员", "choose a person");
    text.parse().map(PersonId).map_err(|_| Failure::invalid(pointer, "type", message()))
}

/// Carries out an operation on a task that the caller may see. Sent again, it gets the same answer, although the task may no
/// longer be his to see.
async fn operate(caller: &Caller, id: Id, key: Key, command: Command) -> Result<Completed, Failure> {
    let (root, key) = (Some(id.root()), key.into_text());
    let hash = runner::hash_of(&(root, &command));
    let done = if let Some(done) = run::answered(caller, &key, &hash).await? {
        done
    } else {
        tasks::load(caller, id).await?;
        run::hashed(caller, key, hash, root, command).await?
    };
    completed(caller, id, &done).await
}

async fn completed(caller: &Caller, id: Id, done: &Done) -> Result<Completed, Failure> {
    let item = tasks::item_of(caller, id).await?;
    Ok(Completed { task: id.to_string(), item: item.to_string(), next: tasks::opened_titles(caller, done) })
}

/// What the caller may do with a task beside completing it.
#[must_use]
pub fn view(caller: &Caller, loaded: &Loaded, case: Option<&Case>) -> OperationsView {
    let urge = loaded.task.state == TaskState::Open && may_urge(caller, loaded);
    let Some(case) = case else { return OperationsView { urge, ..OperationsView::default() } };
    let (task, context) = (loaded.task.id, caller.app.context(caller.actor()));
    let found = step::operations(case, task, &context);
    let may = |operation| found.may.contains(&operation);
    let until = step::withdrawable(case, task, &context);
    OperationsView {
        transfer: may(Operation::Transfer),
        delegate: may(Operation::Delegate),
        hand_back: found.hand_back,
        copy: may(Operation::Copy),
        urge,
        return_to: found.return_to.iter().map(|node| step_view(caller, loaded, node)).collect(),
        delegated_by: loaded.task.owner.map(|person| labels::person(caller, person)),
        withdraw_until: until.map(|until| until.to_string()),
        withdraw_seconds: until.map(|until| (until - caller.app.now()).as_secs().max(0)),
    }
}

fn step_view(caller: &Caller, loaded: &Loaded, node: &Name) -> StepView {
    let found = loaded.bound.workflow.nodes.get(node);
    StepView { node: node.to_string(), title: found.map_or_else(|| node.to_string(), |node| caller.text(&node.title)) }
}
