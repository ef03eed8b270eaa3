//! The transaction of one command or batch.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::{Case, TaskState},
    command::Command,
    context::Context,
    event::Kind,
    id::Id,
    rejection::Rejection,
    step::{Step, step},
    text::Name,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType, OnConflict, Query},
};

use super::{Batch, Done, Opened, RunError, case, chain, effects, retry, scoped, stale, store};
use crate::{
    app::{definitions, generation, org},
    db::entity::{command, root},
    push::{News, Stale, announce},
    state::App,
};

/// What came of one attempt.
enum Attempt {
    Done {
        answers: Vec<Done>,
        stale: Stale,
        effects: bool,
    },
    Repeated(Vec<Done>),
    /// Definitions or organisation changed on another node; nothing was done.
    Outdated,
}

/// What to do where another transaction holds a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnHeld {
    /// Wait for it.
    Wait,
    /// Leave it: it comes round again.
    GiveUp,
}

/// Tries until it is done, refused, or has failed too often.
pub(super) async fn run(app: &App, batch: &Batch, held: OnHeld) -> Result<Vec<Done>, RunError> {
    let mut attempt = 0;
    loop {
        match once(app, batch, held).await {
            Ok(Attempt::Done { answers, stale, effects }) => {
                app.hub.tell(stale);
                app.wake.timers.notify_one();
                if effects {
                    app.wake.outbox.notify_one();
                    app.wake.questions.notify_one();
                }
                app.wake.nodes.notify_one();
                return Ok(answers);
            }
            Ok(Attempt::Repeated(answers)) => return Ok(answers),
            Ok(Attempt::Outdated) if attempt < retry::ATTEMPTS => {
                definitions::reload(app).await?;
                org::reload(app).await?;
            }
            Ok(Attempt::Outdated) => {
                return Err(RunError::Corrupt("definitions keep changing faster than they load".to_owned()));
            }
            Err(RunError::Database(error)) if attempt < retry::ATTEMPTS && retry::passes(&error) => {
                tracing::debug!(%error, attempt, "the transaction is tried again");
                tokio::time::sleep(retry::pause(attempt)).await;
            }
            Err(error) => return Err(error),
        }
        attempt += 1;
    }
}

async fn once(app: &App, batch: &Batch, held: OnHeld) -> Result<Attempt, RunError> {
    let write = app.db.write().await?;
    let key = scoped(&batch.actor, &batch.key);
    generation::keep(&*write).await?;
    // Before the key is claimed: that waits for whoever claims the same one.
    if held == OnHeld::GiveUp && !take_roots(&*write, batch).await? {
        return Err(RunError::Occupied);
    }
    // Read once: what this attempt goes by must be what is compared with the database.
    let (published, organisation) = (app.published(), app.organisation());
    let context = Context {
        registry: Arc::clone(&published.registry),
        org: Arc::clone(&organisation.org),
        ..app.context(batch.actor.clone())
    };
    if !claim(&*write, &key, batch, &context).await? {
        let answers = answer(&*write, &key, &batch.body_hash).await?;
        return answers.map(Attempt::Repeated).ok_or_else(|| RunError::Corrupt(format!("key {key} has no answer")));
    }
    if definitions::outdated(&*write, (published.generation, organisation.generation)).await? {
        return Ok(Attempt::Outdated);
    }
    lock(&*write, batch).await?;
    // The clock is read again under the lock, so that a root's history does not run backwards.
    let context = Context { now: app.now(), ..context };
    let mut answers = Vec::with_capacity(batch.commands.len());
    let mut news = Stale::default();
    let mut effects = false;
    for (index, (root, command)) in batch.commands.iter().enumerate() {
        let part = carry_out(&*write, &key, *root, command, &context).await.map_err(|error| match error {
            RunError::Rejected(rejection) => RunError::RejectedAt { index, rejection },
            other => other,
        })?;
        answers.push(part.0);
        effects |= part.2;
        news.add(part.1);
    }
    if let Some(also) = &batch.also {
        also(&write, &answers).await?;
    }
    let root = answers.first().map(|done| done.root).filter(|_| answers.len() == 1);
    record(&*write, &key, root, &answers).await?;
    // Last, so that the numbers of these rows are given in nearly the order of the commits.
    let news = News::Stale(news);
    announce(&*write, &app.node, &news).await?;
    write.commit().await?;
    let News::Stale(stale) = news else { return Ok(Attempt::Repeated(answers)) };
    Ok(Attempt::Done { answers, stale, effects })
}

/// Takes the key: false where it has been taken. Waits for a transaction that is just taking it.
async fn claim<C: ConnectionTrait>(db: &C, key: &str, batch: &Batch, context: &Context) -> Result<bool, RunError> {
    let mut insert = Query::insert();
    insert
        .into_table(command::Entity)
        .columns([command::Column::Key, command::Column::ActorId, command::Column::BodyHash, command::Column::At])
        .values_panic([
            key.into(),
            batch.actor.person().map(|person| person.0).into(),
            batch.body_hash.as_str().into(),
            context.now.as_millisecond().into(),
        ])
        .on_conflict(OnConflict::column(command::Column::Key).do_nothing().to_owned());
    Ok(db.execute(&insert).await?.rows_affected() == 1)
}

/// The stored answer to a key, if it has been used.
pub(super) async fn answer<C: ConnectionTrait>(
    db: &C,
    key: &str,
    body_hash: &str,
) -> Result<Option<Vec<Done>>, RunError> {
    let Some(row) = command::Entity::find_by_id(key).one(db).await? else { return Ok(None) };
    if row.body_hash != body_hash {
        return Err(RunError::KeyReused);
    }
    let answer = row.answer.unwrap_or_default();
    let answers =
        serde_json::from_str(&answer).map_err(|error| RunError::Corrupt(format!("answer to {key}: {error}")))?;
    Ok(Some(answers))
}

async fn record<C: ConnectionTrait>(db: &C, key: &str, root: Option<i64>, answers: &[Done]) -> Result<(), RunError> {
    let text =
        serde_json::to_string(answers).map_err(|error| RunError::Corrupt(format!("answer to {key}: {error}")))?;
    command::Entity::update_many()
        .col_expr(command::Column::Answer, Expr::value(text))
        .col_expr(command::Column::RootId, Expr::value(root))
        .filter(command::Column::Key.eq(key))
        .exec(db)
        .await?;
    Ok(())
}

/// The roots of a batch in the order of their numbers, so that two batches do not wait for each other.
fn roots(batch: &Batch) -> BTreeSet<i64> {
    batch.commands.iter().filter_map(|(root, _)| *root).collect()
}

/// Locks the roots of a batch as far as nobody else holds them; false where somebody does. SQLite has one writer alone.
async fn take_roots<C: ConnectionTrait>(db: &C, batch: &Batch) -> Result<bool, RunError> {
    for root in roots(batch) {
        let free = root::Entity::find_by_id(root).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        // One that does not exist is refused later, with its reason.
        if free.one(db).await?.is_none() && root::Entity::find_by_id(root).one(db).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Locks the roots of a batch.
async fn lock<C: ConnectionTrait>(db: &C, batch: &Batch) -> Result<(), RunError> {
    for root in roots(batch) {
        root::Entity::find_by_id(root).lock_exclusive().one(db).await?;
    }
    Ok(())
}

async fn carry_out<C: ConnectionTrait>(
    db: &C,
    key: &str,
    root: Option<i64>,
    command: &Command,
    context: &Context,
) -> Result<(Done, Stale, bool), RunError> {
    let (row, before) = match root {
        Some(id) => {
            let row = root::Entity::find_by_id(id).one(db).await?;
            let row = row.ok_or(RunError::Rejected(Rejection::NotFound))?;
            let case = case::load(db, &row, case::Named::by(command)).await?;
            (row, case)
        }
        None => new_root(db, context).await?,
    };
    let Step { events, effects, case: after, .. } = step(&before, command, context).map_err(RunError::Rejected)?;
    store::difference(db, &before, &after, &context.registry, context.now).await?;
    let chain = (row.chain_head, row.chain_length);
    let (entries, head) = chain::entries(row.id, chain, key, &events)?;
    let length = row.chain_length + i64::try_from(entries.len()).unwrap_or(i64::MAX);
    store::insert(db, entries).await?;
    root::Entity::update_many()
        .col_expr(root::Column::Version, Expr::value(row.version + 1))
        .col_expr(root::Column::ChainHead, Expr::value(head))
        .col_expr(root::Column::ChainLength, Expr::value(length))
        .col_expr(root::Column::Sequence, Expr::value(i32::try_from(after.next).unwrap_or(i32::MAX)))
        .filter(root::Column::Id.eq(row.id))
        .exec(db)
        .await?;
    let leaves = effects::write(db, row.id, &effects, context.now).await?;
    let done = Done { history: length, ..answer_of(&events, &after) };
    Ok((done, stale::between(&before, &after), leaves))
}

async fn new_root<C: ConnectionTrait>(db: &C, context: &Context) -> Result<(root::Model, Case), RunError> {
    let row = root::ActiveModel {
        id: NotSet,
        version: Set(0),
        chain_head: Set(chain::GENESIS.to_owned()),
        chain_length: Set(0),
        sequence: Set(1),
        created_at: Set(context.now.as_millisecond()),
    };
    let row = root::Entity::insert(row).exec_with_returning(db).await?;
    let case = Case::new(row.id);
    Ok((row, case))
}

fn answer_of(events: &[docket_engine::event::Event], after: &Case) -> Done {
    let mut done = Done { root: after.root, items: Vec::new(), opened: Vec::new(), ended: Vec::new(), history: 0 };
    for event in events {
        match &event.kind {
            Kind::ItemCreated { item } => done.items.push(item.id),
            Kind::TaskOpened { task, .. } => done.opened.extend(opened(after, *task)),
            Kind::InstanceEnded { instance, .. } => done.ended.push(*instance),
            _ => {}
        }
    }
    done
}

fn opened(after: &Case, task: Id) -> Option<Opened> {
    let task = after.tasks.get(&task).filter(|task| task.state == TaskState::Open)?;
    let version: Name = after.instances.get(&task.instance)?.version.clone();
    Some(Opened { task: task.id, item: task.item, version, node: task.node.clone() })
}
