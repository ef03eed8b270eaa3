//! One task: what it asks for, and what its candidates do with it.

use std::sync::Arc;

use docket_engine::{
    case::{Instance, Task, TaskState},
    command::Command,
    definition::{
        form::Form,
        registry::Bound,
        workflow::{self, NodeKind},
    },
    id::{Id, PersonId},
    text::Text,
};
use futures_util::FutureExt as _;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};
use serde_json::{Map, Value as Json};

use super::{
    item_view::is_mine,
    labels,
    ledger::{self, Entry},
    run,
    runner::{self, Batch, rows},
    task_view,
    validate::{Demand, World},
};
use crate::{
    api::{
        caller::Caller,
        sent::Key,
        tasks::{CompleteInput, Completed, DraftSaved, TaskView},
    },
    clock::from_ms,
    db::entity::{instance, task, task_candidate, task_draft},
    failure::{Before, Failure},
};

/// The largest draft, in bytes of JSON.
const MAX_DRAFT: usize = 256 << 10;

/// A task with what surrounds it.
pub struct Loaded {
    /// The task.
    pub task: Task,
    /// Its instance.
    pub instance: Instance,
    /// The workflow that the instance runs on.
    pub bound: Arc<Bound>,
    /// Its item.
    pub entry: Entry,
}

impl Loaded {
    /// What its node asks for; none where the definition was changed by hand.
    #[must_use]
    pub fn node(&self) -> Option<(&workflow::Node, &workflow::Task)> {
        let node = self.bound.workflow.nodes.get(&self.task.node)?;
        match &node.kind {
            NodeKind::Task(task) => Some((node, task)),
            _ => None,
        }
    }

    /// The form that it asks for; none once its group has ended without it.
    #[must_use]
    pub fn form(&self) -> Option<&Arc<Form>> {
        let form = self.node()?.1.form.as_ref().filter(|_| !self.task.late)?;
        self.bound.forms.get(form)
    }

    /// Whether it is open and the caller's to do.
    #[must_use]
    pub fn is_open_to(&self, caller: &Caller) -> bool {
        self.task.state == TaskState::Open && is_mine(&caller.doers, self.task.assignee, &self.task.candidates)
    }
}

/// Loads a task that the caller may see: it is or was his, or he sees its item.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn load(caller: &Caller, id: Id) -> Result<Loaded, Failure> {
    let loaded = any(caller, id).await?;
    if is_seen(caller, &loaded) { Ok(loaded) } else { Err(Failure::NotFound) }
}

/// Whether the caller may see a task.
#[must_use]
pub fn is_seen(caller: &Caller, loaded: &Loaded) -> bool {
    let (me, task) = (caller.person.id, &loaded.task);
    let closed = match &task.state {
        TaskState::Completed { by, through, .. } => *by == me || *through == Some(me),
        TaskState::Open | TaskState::Cancelled { .. } => false,
    };
    let mut people = task.candidates.iter().chain(&task.assignee).chain(&task.owner);
    let his = people.any(|person| caller.doers.contains(person)) || closed;
    his && may_act_on(caller, &loaded.entry) || loaded.entry.is_seen()
}

/// Whether the policies let what is done about an item be done in somebody's name, where it is.
fn may_act_on(caller: &Caller, entry: &Entry) -> bool {
    caller.through.is_none() || caller.acting(&entry.item.kind).sees(&entry.facts(caller))
}

/// Loads a task, whoever asks: for what has its own rule.
///
/// # Errors
/// [`Failure::NotFound`] where it does not exist.
pub async fn any(caller: &Caller, id: Id) -> Result<Loaded, Failure> {
    let db = caller.app.db.reader();
    let row = task::Entity::find_by_id(id.raw()).one(db).await?.ok_or(Failure::NotFound)?;
    let candidates = task_candidate::Entity::find()
        .filter(task_candidate::Column::TaskId.eq(row.id))
        .order_by_asc(task_candidate::Column::PersonId)
        .all(db)
        .await?;
    let candidates: Vec<PersonId> = candidates.into_iter().map(|row| PersonId(row.person_id)).collect();
    let entry = ledger::any(caller, Id::from_raw(row.item_id)).await?;
    let stored = instance::Entity::find_by_id(row.instance_id).one(db).await?.ok_or(Failure::NotFound)?;
    let instance = rows::read_instance(&stored).map_err(Failure::internal)?;
    let bound = caller.published.registry.versions.get(&instance.version).ok_or_else(|| {
        Failure::internal(format!("the workflow version {} of task {id} is not loaded", instance.version))
    })?;
    let task = rows::read_task(&row, candidates).map_err(Failure::internal)?;
    Ok(Loaded { task, instance, bound: Arc::clone(bound), entry })
}

/// One task.
///
/// # Errors
/// [`Failure::NotFound`] where it does not exist or is not the caller's to see.
pub async fn view(caller: &Caller, id: Id) -> Result<TaskView, Failure> {
    task_view::view(caller, &load(caller, id).await?).await
}

/// Takes a task.
///
/// # Errors
/// What the engine refuses.
pub async fn claim(caller: &Caller, id: Id, key: Key) -> Result<TaskView, Failure> {
    load(caller, id).await?;
    run::command(caller, key, Some(id.root()), Command::Claim { task: id }).await?;
    view(caller, id).await
}

/// Gives a task back.
///
/// # Errors
/// What the engine refuses.
pub async fn release(caller: &Caller, id: Id, key: Key) -> Result<TaskView, Failure> {
    load(caller, id).await?;
    run::command(caller, key, Some(id.root()), Command::Release { task: id }).await?;
    view(caller, id).await
}

/// Saves the caller's draft of an open task's form. It is private, and only its size is checked.
///
/// # Errors
/// [`Failure::AlreadyDone`], [`Failure::NotYours`], [`Failure::TooLarge`].
pub async fn save_draft(caller: &Caller, id: Id, form: Map<String, Json>) -> Result<DraftSaved, Failure> {
    let loaded = load(caller, id).await?;
    may_do(caller, &loaded)?;
    let data = serde_json::to_string(&form).map_err(Failure::internal)?;
    if data.len() > MAX_DRAFT {
        return Err(Failure::TooLarge(Text::new("草稿超过 256 KB", "the draft is larger than 256 KB")));
    }
    let now = caller.app.now();
    let row = task_draft::ActiveModel {
        task_id: Set(id.raw()),
        person_id: Set(caller.person.id.0),
        data: Set(data),
        saved_at: Set(now.as_millisecond()),
    };
    let replace = OnConflict::columns([task_draft::Column::TaskId, task_draft::Column::PersonId])
        .update_columns([task_draft::Column::Data, task_draft::Column::SavedAt])
        .to_owned();
    let write = caller.app.db.write().await?;
    task_draft::Entity::insert(row).on_conflict(replace).exec_without_returning(&*write).await?;
    write.commit().await?;
    Ok(DraftSaved { saved_at: now.to_string() })
}

/// Refuses what is closed, taken by somebody else, or not the caller's, before his form is looked at.
fn may_do(caller: &Caller, loaded: &Loaded) -> Result<(), Failure> {
    let named = |person: PersonId| (person, labels::person(caller, person).name);
    let task = &loaded.task;
    match &task.state {
        TaskState::Open => {}
        TaskState::Completed { by, at, .. } => {
            return Err(Failure::AlreadyDone(Before { by: Some(named(*by)), at: Some(*at) }));
        }
        TaskState::Cancelled { at } => return Err(Failure::AlreadyDone(Before { by: None, at: Some(*at) })),
    }
    let mut people = task.candidates.iter().chain(&task.assignee);
    if !people.any(|person| caller.doers.contains(person)) {
        return Err(Failure::NotYours);
    }
    if let (Some(_), Some(delegate)) = (task.owner, task.assignee) {
        return Err(Failure::Delegated(Before { by: Some(named(delegate)), at: None }));
    }
    match task.assignee.filter(|assignee| !caller.doers.contains(assignee)) {
        Some(other) => Err(Failure::Taken(Before { by: Some(named(other)), at: None })),
        None => Ok(()),
    }
}

/// Completes a task, once; the caller's and everybody's drafts of it go with it.
///
/// # Errors
/// [`Failure::AlreadyDone`] and [`Failure::Taken`] with who and when, [`Failure::NotYours`], [`Failure::Invalid`].
pub async fn complete(caller: &Caller, id: Id, key: Key, input: CompleteInput) -> Result<Completed, Failure> {
    let loaded = load(caller, id).await?;
    let key = key.into_text();
    let body_hash = runner::hash_of(&(id, &input.outcome, &input.form.0, &input.comment));
    let done = match run::answered(caller, &key, &body_hash).await? {
        Some(done) => done,
        None => carry_out(caller, &loaded, (key, body_hash), input).await?,
    };
    Ok(Completed { task: id.to_string(), item: loaded.task.item.to_string(), next: opened_titles(caller, &done) })
}

/// The titles of the tasks that a command opened.
#[must_use]
pub fn opened_titles(caller: &Caller, done: &runner::Done) -> Vec<String> {
    let registry = caller.app.registry();
    let title = |opened: &runner::Opened| {
        let node = registry.versions.get(&opened.version).and_then(|bound| bound.workflow.nodes.get(&opened.node));
        node.map_or_else(|| opened.node.to_string(), |node| caller.text(&node.title))
    };
    done.opened.iter().map(title).collect()
}

/// The item of a task.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn item_of(caller: &Caller, id: Id) -> Result<Id, Failure> {
    let row = task::Entity::find_by_id(id.raw()).one(caller.app.db.reader()).await?.ok_or(Failure::NotFound)?;
    Ok(Id::from_raw(row.item_id))
}

/// Completes the task of `loaded` under a key, and deletes everybody's drafts of it in the same transaction.
async fn carry_out(
    caller: &Caller,
    loaded: &Loaded,
    (key, body_hash): (String, String),
    input: CompleteInput,
) -> Result<runner::Done, Failure> {
    may_do(caller, loaded)?;
    let task = loaded.task.id;
    let form = checked_form(caller, loaded, &input.outcome, input.form.0)?;
    let comment = run::comment(input.comment)?;
    let command = Command::Complete { task, outcome: input.outcome.into(), form: form.into(), comment };
    let batch = Batch {
        actor: caller.actor(),
        key,
        body_hash,
        commands: vec![(Some(task.root()), command)],
        also: Some(Arc::new(move |transaction, _| {
            let drafts = task_draft::Entity::delete_many().filter(task_draft::Column::TaskId.eq(task.raw()));
            async move { drafts.exec(transaction).await.map(|_| ()) }.boxed()
        })),
    };
    let answers = runner::execute_batch(&caller.app, batch).await.map_err(|error| run::refused(caller, error))?;
    answers.into_iter().next().ok_or_else(|| Failure::internal("a command without an answer"))
}

/// The form to store. A return 退回 asks for none; what is given with it must be right all the same.
fn checked_form(
    caller: &Caller,
    loaded: &Loaded,
    outcome: &str,
    sent: Map<String, Json>,
) -> Result<Map<String, Json>, Failure> {
    let Some(form) = loaded.form() else {
        return run::no_form(sent);
    };
    let outcomes = loaded.node().map(|(_, task)| task.outcomes.as_slice()).unwrap_or_default();
    // The engine refuses an outcome that is not there; then there is nothing to demand.
    let asked = outcomes.iter().find(|candidate| candidate.name == *outcome).is_some_and(|found| !found.is_return);
    let demand = if asked { Demand::Complete } else { Demand::AsFarAsGiven };
    let org = caller.app.org();
    let world = World { org: &org, registry: &caller.published.registry };
    caller.app.validators.check(form, sent, demand, "/form", world)
}

/// The caller's draft of a task, with when it was saved.
///
/// # Errors
/// The database's own.
pub async fn draft(caller: &Caller, id: Id) -> Result<Option<(Map<String, Json>, jiff::Timestamp)>, Failure> {
    let key = (id.raw(), caller.person.id.0);
    let Some(row) = task_draft::Entity::find_by_id(key).one(caller.app.db.reader()).await? else {
        return Ok(None);
    };
    let data = serde_json::from_str(&row.data).map_err(Failure::internal)?;
    Ok(Some((data, from_ms(row.saved_at))))
}
