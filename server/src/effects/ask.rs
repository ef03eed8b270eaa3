//! Questions to other systems: asked from the outbox, tried again with growing pauses, answered by a command.
//!
//! A question is leased before it is asked, so that two nodes do not ask at the same time; where a process dies meanwhile it is
//! asked again once the lease has passed, under the same key. The answer and the mark that it came are one transaction.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    command::{Actor, Command},
    definition::workflow::NodeKind,
    effect::Effect,
    id::Id,
    rejection::Rejection,
    text::Name,
};
use futures_util::{FutureExt as _, future::join_all};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::{Map, Value as Json};

use crate::{
    app::{
        runner::{Batch, RunError, execute_batch, hash_of},
        validate::{Demand, World},
    },
    db::entity::outbox,
    failure::Failure,
    jobs::attempts,
    services::call::Trouble,
    state::App,
};

/// Questions that one round looks at, asks at a time, and asks of one service at a time.
const LOOK: u64 = 200;
const AT_ONCE: usize = 16;
const OF_ONE: usize = 4;
/// How much longer than an answer may take a question is leased.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// The longest pause between two tries, in seconds: a day.
const LONGEST_S: i64 = 86_400;

/// A question, as the outbox holds it.
struct Question {
    asked: Id,
    service: Name,
    path: String,
    body: Map<String, Json>,
    form: Option<Name>,
    version: Name,
    tries: u8,
    back_off: u32,
}

/// Asks what is to be asked; true where there may be more.
///
/// # Errors
/// The database's own.
pub(crate) async fn perform(app: &App) -> Result<bool, DbErr> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Service.is_not_null())
        .filter(attempts::may_try((outbox::Entity, outbox::Column::NextAttemptAt), app.now()))
        .order_by_asc(outbox::Column::Id)
        .limit(LOOK)
        .all(app.db.reader())
        .await?;
    let mut busy: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for row in waiting {
        let asked = busy.entry(row.service.clone()).or_default();
        if *asked < OF_ONE && chosen.len() < AT_ONCE {
            *asked += 1;
            chosen.push(row);
        }
    }
    let asked = join_all(chosen.iter().map(|row| ask(app, row))).await;
    let mut settled = false;
    for result in asked {
        settled |= result?;
    }
    Ok(settled)
}

/// The services that workflows in force name and that the settings do not have.
pub(crate) fn unknown_services(app: &App) -> BTreeSet<Name> {
    let registry = app.registry();
    let nodes = registry.workflows.values().flat_map(|bound| bound.workflow.nodes.values());
    let asked = nodes.filter_map(|node| match &node.kind {
        NodeKind::Action(action) => action.http().map(|http| http.service.clone()),
        _ => None,
    });
    asked.filter(|name| app.settings.services.asked(name).is_none()).collect()
}

/// Asks one question, unless another node does; true where it is settled.
async fn ask(app: &App, row: &outbox::Model) -> Result<bool, DbErr> {
    let service = row.service.as_deref().and_then(|name| app.settings.services.asked(name));
    let timeout = service.map_or(SignedDuration::ZERO, |service| {
        SignedDuration::try_from(service.timeout).unwrap_or(SignedDuration::ZERO)
    });
    let leased = after(app.now(), timeout.saturating_add(LEASE));
    if !change(app, row, row.attempts, (row.attempts + 1, leased, None)).await? {
        return Ok(false);
    }
    let question = match question(row) {
        Ok(question) => question,
        Err(error) => {
            tracing::error!(outbox = row.id, %error, "a question can not be read");
            return Ok(false);
        }
    };
    let answer = match service {
        Some(service) => {
            let (id, wanted) = (question.asked.to_string(), question.form.is_some());
            let answer = service.call(&question.path, &id, &question.body, app.now(), wanted).await;
            answer.and_then(|answer| fitting(app, &question, answer))
        }
        None => Err(Trouble::lasting(format!("the settings of this server have no service `{}`", question.service))),
    };
    let trouble = match answer {
        Ok(answer) => match settle(app, row, &question, Ok(answer)).await {
            Err(RunError::Rejected(rejection)) => {
                Trouble::lasting(format!("the workflow can not go on: {rejection:?}"))
            }
            other => return Ok(settled(row, &other)),
        },
        Err(trouble) => trouble,
    };
    tracing::warn!(asked = %question.asked, service = %question.service, trouble = trouble.message, "no answer");
    let tries = row.attempts + 1;
    if trouble.again && tries < i32::from(question.tries) {
        let next = after(app.now(), pause(question.back_off, tries));
        change(app, row, tries, (tries, next, Some(&trouble.message))).await?;
        return Ok(false);
    }
    let failed = settle(app, row, &question, Err(trouble.message)).await;
    Ok(settled(row, &failed))
}

fn settled(row: &outbox::Model, result: &Result<(), RunError>) -> bool {
    if let Err(error) = result {
        // It is asked again once its lease has passed.
        tracing::error!(outbox = row.id, %error, "an answer could not be stored");
    }
    result.is_ok()
}

fn question(row: &outbox::Model) -> Result<Question, String> {
    let effect: Effect = serde_json::from_str(&row.effect).map_err(|error| error.to_string())?;
    match effect {
        Effect::Ask { asked, service, path, body, form, version, tries, back_off, item: _ } => {
            Ok(Question { asked, service, path, body, form, version, tries, back_off })
        }
        Effect::Notify { .. } | Effect::Recall { .. } => Err("this is no question".to_owned()),
    }
}

/// The pause after so many tries.
fn pause(back_off: u32, tries: i32) -> SignedDuration {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(20);
    SignedDuration::from_secs(i64::from(back_off).saturating_mul(1 << doublings).min(LONGEST_S))
}

fn after(now: Timestamp, pause: SignedDuration) -> i64 {
    now.checked_add(pause).unwrap_or(now).as_millisecond()
}

/// The fields of an answer that the question's form has, if they fit it. What else the other system says is passed over.
fn fitting(app: &App, question: &Question, answer: Map<String, Json>) -> Result<Map<String, Json>, Trouble> {
    let Some(name) = &question.form else { return Ok(Map::new()) };
    let registry = app.registry();
    let bound = registry.versions.get(&question.version);
    let form = bound.and_then(|bound| bound.forms.get(name));
    let form = form.ok_or_else(|| Trouble::lasting(format!("the form `{name}` is not known")))?;
    let known = |name: &String| form.field(name).is_some_and(|field| !field.read_only);
    let answer = answer.into_iter().filter(|(name, _)| known(name)).collect();
    let world = World { org: &app.org(), registry: &registry };
    app.validators.check(form, answer, Demand::Complete, "", world).map_err(|failure| match failure {
        Failure::Invalid(faults) => {
            let faults: Vec<String> =
                faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message.en)).collect();
            Trouble::lasting(format!("the answer does not fit the form `{name}`: {}", faults.join("; ")))
        }
        other => Trouble::lasting(format!("the answer can not be checked: {other:?}")),
    })
}

/// Tells the workflow, and marks the question as settled, in one transaction. An answer that nobody waits for any more is
/// only marked.
async fn settle(
    app: &App,
    row: &outbox::Model,
    question: &Question,
    answer: Result<Map<String, Json>, String>,
) -> Result<(), RunError> {
    let command = Command::Answer { asked: question.asked, answer };
    let (id, now) = (row.id, app.now());
    let batch = Batch {
        actor: Actor::System,
        key: format!("answer/{}", question.asked),
        body_hash: hash_of(&command),
        commands: vec![(Some(row.root_id), command)],
        also: Some(Arc::new(move |transaction, _| delivered(transaction, id, now).boxed())),
    };
    match execute_batch(app, batch).await {
        Ok(_) => Ok(()),
        Err(
            RunError::KeyReused
            | RunError::Rejected(Rejection::Gone | Rejection::NotFound)
            | RunError::RejectedAt { rejection: Rejection::Gone | Rejection::NotFound, .. },
        ) => {
            let write = app.db.write().await?;
            delivered(&*write, id, now).await?;
            Ok(write.commit().await?)
        }
        Err(RunError::RejectedAt { rejection, .. }) => Err(RunError::Rejected(rejection)),
        Err(error) => Err(error),
    }
}

async fn delivered<C: ConnectionTrait>(db: &C, id: i64, now: Timestamp) -> Result<(), DbErr> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(now.as_millisecond()))
        .filter(outbox::Column::Id.eq(id))
        .exec(db)
        .await
        .map(|_| ())
}

/// Sets attempts, the next one and the last error of a row that has been tried `before` times; false where it has been tried
/// by another node meanwhile, or is settled.
async fn change(
    app: &App,
    row: &outbox::Model,
    before: i32,
    (attempts, next, error): (i32, i64, Option<&str>),
) -> Result<bool, DbErr> {
    let write = app.db.write().await?;
    let mut update = outbox::Entity::update_many()
        .col_expr(outbox::Column::Attempts, Expr::value(attempts))
        .col_expr(outbox::Column::NextAttemptAt, Expr::value(next));
    if let Some(error) = error {
        update = update.col_expr(outbox::Column::LastError, Expr::value(error));
    }
    let changed = update
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::Attempts.eq(before))
        .filter(outbox::Column::DeliveredAt.is_null())
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(changed.rows_affected == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day() {
        let pauses = [1, 2, 3, 10, 11, 12, 1_000].map(|tries| pause(60, tries).as_secs());
        assert_eq!(pauses, [60, 120, 240, 30_720, 61_440, 86_400, 86_400]);
    }
}
