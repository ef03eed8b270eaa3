//! The commit of a preview: the accepted rows in one transaction, or none.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    command::{Actor, Command},
    definition::registry::Registry,
    id::{Id, PersonId},
    text::{Name, Text},
};
use sea_orm::{DatabaseTransaction, DbErr};
use serde_json::{Map, Value as Json};

use super::{Batch, Committed, Order, State, again, allow, batch, ledger};
use crate::{
    app::runner::{self, Done, RunError},
    failure::{Failure, Fault},
    identity::normalise,
    import::report::{Report, Row, Verdict},
    state::App,
};

/// How the transaction says that the ledger has changed meanwhile.
const CHANGED: &str = "the ledger has changed since the preview";
/// How the transaction says that another request has committed the upload.
const COMMITTED: &str = "the upload has been committed";

/// What the person chose of a preview.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The rows of duplicates that go in all the same.
    pub accept: Vec<u32>,
    /// The rows that stay out although they could go in.
    pub leave_out: Vec<u32>,
}

/// A row that goes in, with its command.
struct Accepted {
    row: u32,
    root: Option<i64>,
    command: Command,
}

/// Commits the upload `id` of `person`: new and changed rows, and those duplicates that `choice` accepts by their row, without
/// the rows that it leaves out. A second commit gets the same answer.
///
/// # Errors
/// [`Failure::LedgerChanged`] where a row would now be judged otherwise: the preview has been renewed then.
pub async fn commit(app: &App, person: PersonId, id: i64, choice: &Choice, key: String) -> Result<Batch, Failure> {
    let upload = batch::load(app, person, id).await?;
    allow(app, person, &upload.order.kind).await?;
    let chosen = [&choice.accept, &choice.leave_out].map(|rows| rows.iter().collect::<BTreeSet<_>>());
    let body_hash = runner::hash_of(&(id, chosen));
    let actor = Actor::Person(person);
    if upload.state == State::Committed {
        runner::answered(app, &actor, &key, &body_hash).await.map_err(|error| failed(app, error))?;
        return Ok(upload);
    }
    only_duplicates(&upload.report, &choice.accept)?;
    let report = match still_so(app, &actor, &upload).await {
        Ok(report) => report,
        Err(failure) => return done_meanwhile(app, person, id, failure).await,
    };
    let accepted = accepted(&upload.order, &report, choice)?;
    let commands = accepted.iter().map(|one| (one.root, one.command.clone())).collect();
    let also = closing(app, id, Arc::new(report), &accepted);
    let run = runner::Batch { actor: actor.clone(), key, body_hash, commands, also: Some(also) };
    match runner::execute_batch(app, run).await {
        Ok(_) => batch::load(app, person, id).await,
        Err(RunError::Database(DbErr::Custom(why))) if why == COMMITTED || why == CHANGED => {
            let fresh = again(app, &actor, &upload.order, upload.report).await?;
            batch::renew(app, id, &fresh).await?;
            done_meanwhile(app, person, id, ledger_changed()).await
        }
        Err(error) => Err(failed(app, error)),
    }
}

/// The upload, if another request has committed it meanwhile: what seems to have changed the ledger is this very import.
async fn done_meanwhile(app: &App, person: PersonId, id: i64, failure: Failure) -> Result<Batch, Failure> {
    let upload = batch::load(app, person, id).await?;
    if upload.state == State::Committed { Ok(upload) } else { Err(failure) }
}

/// Only rows that are duplicates in the preview are accepted by number.
fn only_duplicates(report: &Report, accept: &[u32]) -> Result<(), Failure> {
    let is_duplicate =
        |number: &u32| report.rows.iter().any(|row| row.draft.row == *number && row.verdict == Verdict::Duplicate);
    let faults: Vec<Fault> = accept
        .iter()
        .enumerate()
        .filter(|(_, number)| !is_duplicate(number))
        .map(|(place, number)| {
            let message = Text::new(
                format!("第 {number} 行不是重复行，不能单独选入"),
                format!("row {number} is no duplicate, so it cannot be accepted by itself"),
            );
            Fault::new(format!("/accept/{place}"), "not-a-duplicate", message)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Failure::Invalid(faults)) }
}

/// The preview, if every row would be judged the same now; else the preview is renewed and the commit refused.
async fn still_so(app: &App, actor: &Actor, upload: &Batch) -> Result<Report, Failure> {
    let registry = app.registry();
    let form = registry.form_of(&upload.order.module, &upload.order.kind);
    if form.is_none_or(|form| form.version != upload.report.form_version) || !is_known(app, &upload.report, &registry) {
        return Err(Failure::LedgerChanged(Text::new(
            "表单或组织机构在预览之后有变化，请重新上传文件",
            "the form or the organisation has changed since the preview: upload the file again",
        )));
    }
    let fresh = again(app, actor, &upload.order, upload.report.clone()).await?;
    let same = |(before, now): (&Row, &Row)| {
        (before.verdict, before.of_row, &before.of_item, &before.notes)
            == (now.verdict, now.of_row, &now.of_item, &now.notes)
    };
    if upload.report.rows.iter().zip(&fresh.rows).all(same) {
        return Ok(fresh);
    }
    batch::renew(app, upload.id, &fresh).await?;
    Err(ledger_changed())
}

/// Whether every unit and person of the rows is still in the organisation.
fn is_known(app: &App, report: &Report, registry: &Registry) -> bool {
    use docket_engine::value::Value;
    let org = app.org();
    let known = |value: &Value| match value {
        Value::Unit(unit) => org.unit(*unit).is_some(),
        Value::Person(person) => org.person(*person).is_some_and(|person| person.active),
        _ => true,
    };
    let forms: Vec<_> = registry.forms.values().filter(|form| form.version == report.form_version).collect();
    report.rows.iter().all(|row| {
        forms.iter().flat_map(|form| &form.fields).all(|field| {
            match row.draft.fields.get(&*field.name).map(|json| Value::from_json(json, &field.kind)) {
                Some(Value::List(all)) => all.iter().all(known),
                Some(value) => known(&value),
                None => true,
            }
        })
    })
}

fn accepted(order: &Order, report: &Report, choice: &Choice) -> Result<Vec<Accepted>, Failure> {
    let mut accepted = Vec::new();
    for row in report.rows.iter().filter(|row| !choice.leave_out.contains(&row.draft.row)) {
        let fields = row.draft.fields.clone();
        let (root, command) = match row.verdict {
            Verdict::New => (None, create(order, fields)),
            Verdict::Duplicate if choice.accept.contains(&row.draft.row) => (None, create(order, fields)),
            Verdict::Changed => {
                let item: Id = row.of_item.as_deref().and_then(|id| id.parse().ok()).ok_or(Failure::NotFound)?;
                (Some(item.root()), Command::Edit { item, fields: row.edited.clone() })
            }
            _ => continue,
        };
        accepted.push(Accepted { row: row.draft.row, root, command });
    }
    Ok(accepted)
}

fn create(order: &Order, fields: Map<String, Json>) -> Command {
    Command::Create {
        module: Name::from(order.module.as_str()),
        kind: Name::from(order.kind.as_str()),
        fields,
        enter: None,
    }
}

/// What is written in the transaction of the commands: that the upload is committed, unless the ledger or the upload has changed.
fn closing(app: &App, id: i64, report: Arc<Report>, accepted: &[Accepted]) -> runner::Also {
    let now = app.now().as_millisecond();
    let registry = app.registry();
    let rows: Arc<Vec<(u32, Option<i64>)>> = Arc::new(accepted.iter().map(|one| (one.row, one.root)).collect());
    Arc::new(move |db: &DatabaseTransaction, answers: &[Done]| {
        let (report, rows, registry) = (Arc::clone(&report), Arc::clone(&rows), Arc::clone(&registry));
        Box::pin(async move {
            let items = rows.iter().zip(answers).map(|((row, _), done)| (*row, Id::root_item(done.root).to_string()));
            let created: BTreeSet<i64> =
                rows.iter().zip(answers).filter(|((_, root), _)| root.is_none()).map(|(_, done)| done.root).collect();
            let committed = Committed {
                items: items.collect(),
                created: created.len(),
                changed: rows.len() - created.len(),
                at: now,
            };
            if !is_unchanged(db, &registry, &report, &created).await? {
                return Err(DbErr::Custom(CHANGED.to_owned()));
            }
            if !batch::close(db, id, &report, &committed).await? {
                return Err(DbErr::Custom(COMMITTED.to_owned()));
            }
            Ok(())
        })
    })
}

/// Whether the transaction sees no item with a row's title beside those of the preview and those just created.
async fn is_unchanged(
    db: &DatabaseTransaction,
    registry: &Registry,
    report: &Report,
    created: &BTreeSet<i64>,
) -> Result<bool, DbErr> {
    let titles = report.rows.iter().filter(|row| row.of_item.is_none()).filter_map(|row| row.draft.title.as_deref());
    let keys = titles.map(normalise).filter(|key| !key.is_empty()).collect();
    let known = ledger::known(db, registry, &keys).await?;
    let shown: BTreeSet<&str> = report.rows.iter().filter_map(|row| row.of_item.as_deref()).collect();
    Ok(known.iter().all(|item| created.contains(&item.id.root()) || shown.contains(item.id.to_string().as_str())))
}

fn ledger_changed() -> Failure {
    Failure::LedgerChanged(Text::new(
        "台账在预览之后有变化，有的行结论不同了。请查看新的预览后再确认",
        "the ledger has changed since the preview, and rows are judged otherwise. Look at the new preview and confirm again",
    ))
}

fn failed(app: &App, error: RunError) -> Failure {
    match error {
        RunError::KeyReused => Failure::IdempotencyMismatch,
        RunError::Rejected(rejection) | RunError::RejectedAt { rejection, .. } => {
            Failure::rejected(rejection, &app.org())
        }
        other => Failure::internal(other),
    }
}
