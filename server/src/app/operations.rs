//! What people do with a task beside completing it. Whether it allows it is the engine's rule; who may urge is a policy's.

use docket_engine::{
    case::{Case, TaskState},
    command::{Command, Turn},
    definition::workflow::Operation,
    id::{Id, PersonId},
    step::{self, Operations},
    text::{Name, Text},
};

use super::{
    acting, labels, run,
    runner::{self, Done},
    tasks::{self, Loaded},
};
use crate::{
    api::{
        caller::Caller,
        operations::{
            AddSignersInput, CommentInput, CopyInput, OperationsView, PassInput, RemoveSignerInput, ReturnInput,
            StepView, TurnView,
        },
        sent::Key,
        tasks::Completed,
    },
    failure::Failure,
};

/// Most people to whom a task is copied at once.
const MAX_PEOPLE: usize = 200;
/// Most signers who are added at once.
const MAX_SIGNERS: usize = 50;

/// Gives a task to somebody else.
///
/// # Errors
/// [`Failure::NotFound`] where it is not the caller's to see; what the engine refuses.
pub async fn transfer(caller: &Caller, id: Id, key: Key, input: PassInput) -> Result<Completed, Failure> {
    let (to, comment) = (acting::person(&input.to, "/to")?, run::comment(input.comment)?);
    operate(caller, id, key, Command::Transfer { task: id, to, comment }).await
}

/// Lets somebody else work on a task.
///
/// # Errors
/// As [`transfer`].
pub async fn delegate(caller: &Caller, id: Id, key: Key, input: PassInput) -> Result<Completed, Failure> {
    let (to, comment) = (acting::person(&input.to, "/to")?, run::comment(input.comment)?);
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
    let (people, comment) = (people(&input.people, MAX_PEOPLE)?, run::comment(input.comment)?);
    operate(caller, id, key, Command::Copy { task: id, people, comment }).await
}

/// Lets further people sign.
///
/// # Errors
/// As [`transfer`].
pub async fn add_signers(caller: &Caller, id: Id, key: Key, input: AddSignersInput) -> Result<Completed, Failure> {
    let (people, comment) = (people(&input.people, MAX_SIGNERS)?, run::comment(input.comment)?);
    let turn = match input.turn {
        TurnView::Before => Turn::Before,
        TurnView::After => Turn::After,
        TurnView::Beside => Turn::Beside,
    };
    operate(caller, id, key, Command::AddSigners { task: id, people, turn, comment }).await
}

/// Leaves somebody out who has not signed.
///
/// # Errors
/// As [`transfer`].
pub async fn remove_signer(caller: &Caller, id: Id, key: Key, input: RemoveSignerInput) -> Result<Completed, Failure> {
    let (person, comment) = (acting::person(&input.person, "/person")?, run::comment(input.comment)?);
    operate(caller, id, key, Command::RemoveSigner { task: id, person, comment }).await
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

/// The people of `/people`, at most `most`.
fn people(sent: &[String], most: usize) -> Result<Vec<PersonId>, Failure> {
    if sent.is_empty() || sent.len() > most {
        let message = Text::new(format!("请选择 1 至 {most} 人"), format!("choose 1 to {most} people"));
        return Err(Failure::invalid("/people", "count", message));
    }
    let numbered = (0..).zip(sent);
    numbered.map(|(place, text): (usize, _)| acting::person(text, &format!("/people/{place}"))).collect()
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

/// What the caller may do with a task beside completing it, as the engine found it; nothing where there is no case.
#[must_use]
pub fn view(caller: &Caller, loaded: &Loaded, found: Option<(&Case, &Operations)>) -> OperationsView {
    let urge = loaded.task.state == TaskState::Open && may_urge(caller, loaded);
    let Some((case, found)) = found else { return OperationsView { urge, ..OperationsView::default() } };
    let (task, context) = (loaded.task.id, caller.app.context(caller.actor()));
    let may = |operation| found.may.contains(&operation);
    let until = step::withdrawable(case, task, &context);
    OperationsView {
        transfer: may(Operation::Transfer),
        delegate: may(Operation::Delegate),
        hand_back: found.hand_back,
        copy: may(Operation::Copy),
        urge,
        add_signers: found.turns.iter().map(|turn| turn_view(*turn)).collect(),
        remove_signers: found.signers.iter().map(|person| labels::person(caller, *person)).collect(),
        return_to: found.return_to.iter().map(|node| step_view(caller, loaded, node)).collect(),
        delegated_by: loaded.task.owner.map(|person| labels::person(caller, person)),
        withdraw_until: until.map(|until| until.to_string()),
        withdraw_seconds: until.map(|until| (until - caller.app.now()).as_secs().max(0)),
    }
}

const fn turn_view(turn: Turn) -> TurnView {
    match turn {
        Turn::Before => TurnView::Before,
        Turn::After => TurnView::After,
        Turn::Beside => TurnView::Beside,
    }
}

fn step_view(caller: &Caller, loaded: &Loaded, node: &Name) -> StepView {
    let found = loaded.bound.workflow.nodes.get(node);
    StepView { node: node.to_string(), title: found.map_or_else(|| node.to_string(), |node| caller.text(&node.title)) }
}
