//! Dry runs over HTTP: begun, followed, cancelled. Where one stands is in the database, so that any node tells.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use docket_engine::id::{Id, PersonId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};

use super::{
    Candidate, candidate,
    dry_run::{self, Change, Ended, Line, Report},
    fault_view, files, require_security, rules,
};
use crate::{
    api::{
        access::{DocumentInput, DryRunLine, DryRunState, DryRunView, ExampleView, FieldChange},
        caller::Caller,
    },
    app::{
        labels,
        ledger::{self, Entry},
    },
    db::entity::policy_dry_run,
    failure::Failure,
    state::App,
};

/// How often a run says how far it is, and asks whether it was cancelled.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How long a run may say nothing before it counts as lost with its node, in milliseconds.
const LOST_MS: i64 = 60_000;
/// How long reports are kept, in milliseconds.
const KEPT_MS: i64 = 24 * 3_600_000;

/// Begins a dry run of `sent`.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::Invalid`]; [`Failure::TooMany`] where the caller has one running.
pub async fn begin(caller: &Caller, sent: Vec<DocumentInput>) -> Result<DryRunView, Failure> {
    require_security(caller)?;
    let Candidate { published, faults } = candidate(&caller.app, &files(sent)?).await?;
    let Some(published) = published else {
        return Ok(DryRunView { faults: faults.iter().map(|fault| fault_view(caller, fault)).collect(), ..nothing() });
    };
    let app = caller.app.clone();
    let change = Change {
        before: app.access.rules(&caller.published).await?,
        after: rules(&published).await?,
        registry: std::sync::Arc::clone(&caller.published.registry),
    };
    let now = app.now().as_millisecond();
    let row = policy_dry_run::ActiveModel {
        id: NotSet,
        person_id: Set(caller.person.id.0),
        begun_at: Set(now),
        heard_at: Set(now),
        state: Set("running".to_owned()),
        done: Set(0),
        total: Set(0),
        cancelled: Set(false),
        report: Set(String::new()),
    };
    let write = app.db.write().await?;
    policy_dry_run::Entity::delete_many()
        .filter(policy_dry_run::Column::BegunAt.lt(now - KEPT_MS))
        .exec(&*write)
        .await?;
    // One a person: a new one takes the place of the one before.
    policy_dry_run::Entity::update_many()
        .col_expr(policy_dry_run::Column::Cancelled, Expr::value(true))
        .filter(policy_dry_run::Column::PersonId.eq(caller.person.id.0))
        .exec(&*write)
        .await?;
    let id = policy_dry_run::Entity::insert(row).exec(&*write).await?.last_insert_id;
    write.commit().await?;
    tokio::spawn(async move {
        if let Err(error) = work(&app, id, &change).await {
            tracing::error!(%error, "a dry run failed");
            let failed = finish(&app, id, "failed", &Report::default()).await;
            failed.unwrap_or_else(|error| tracing::error!(%error, "a dry run could not be closed"));
        }
    });
    view(caller, id).await
}

/// Tells a run's row from time to time how far it is.
#[derive(Debug)]
pub struct Progress {
    row: Option<i64>,
    heard: Option<Instant>,
}

impl Progress {
    /// Nobody follows.
    #[must_use]
    pub const fn of_nobody() -> Self {
        Self { row: None, heard: None }
    }

    /// Says that `done` of `total` are done; gives whether to go on.
    ///
    /// # Errors
    /// The database's own.
    pub async fn told(&mut self, app: &App, counts: (usize, usize)) -> Result<bool, DbErr> {
        let Some(row) = self.row else { return Ok(true) };
        if self.heard.is_some_and(|heard| heard.elapsed() < HEARTBEAT) {
            return Ok(true);
        }
        self.heard = Some(Instant::now());
        told(app, row, counts).await
    }
}

async fn work(app: &App, id: i64, change: &Change) -> Result<(), DbErr> {
    let mut progress = Progress { row: Some(id), heard: None };
    let (report, ended) = dry_run::run(app, change, &mut progress).await?;
    let state = match ended {
        Ended::Done => "done",
        Ended::Cancelled => "cancelled",
        Ended::TimedOut => "timed-out",
    };
    finish(app, id, state, &report).await
}

/// Says how far it is; gives whether to go on.
async fn told(app: &App, id: i64, (done, total): (usize, usize)) -> Result<bool, DbErr> {
    let write = app.db.write().await?;
    let told = policy_dry_run::Entity::update_many()
        .col_expr(policy_dry_run::Column::Done, Expr::value(i64::try_from(done).unwrap_or(i64::MAX)))
        .col_expr(policy_dry_run::Column::Total, Expr::value(i64::try_from(total).unwrap_or(i64::MAX)))
        .col_expr(policy_dry_run::Column::HeardAt, Expr::value(app.now().as_millisecond()))
        .filter(policy_dry_run::Column::Id.eq(id))
        .filter(policy_dry_run::Column::Cancelled.eq(false))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(told.rows_affected > 0)
}

async fn finish(app: &App, id: i64, state: &str, report: &Report) -> Result<(), DbErr> {
    let text = serde_json::to_string(report).map_err(|error| DbErr::Custom(error.to_string()))?;
    let write = app.db.write().await?;
    policy_dry_run::Entity::update_many()
        .col_expr(policy_dry_run::Column::State, Expr::value(state))
        .col_expr(policy_dry_run::Column::Done, Expr::col(policy_dry_run::Column::Total))
        .col_expr(policy_dry_run::Column::Report, Expr::value(text))
        .filter(policy_dry_run::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}

async fn own(caller: &Caller, id: i64) -> Result<policy_dry_run::Model, Failure> {
    require_security(caller)?;
    let row = policy_dry_run::Entity::find_by_id(id).one(caller.app.db.reader()).await?;
    row.filter(|row| row.person_id == caller.person.id.0).ok_or(Failure::NotFound)
}

/// Ends a run of the caller's.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn cancel(caller: &Caller, id: i64) -> Result<DryRunView, Failure> {
    let row = own(caller, id).await?;
    let write = caller.app.db.write().await?;
    policy_dry_run::Entity::update_many()
        .col_expr(policy_dry_run::Column::Cancelled, Expr::value(true))
        .filter(policy_dry_run::Column::Id.eq(row.id))
        .exec(&*write)
        .await?;
    write.commit().await?;
    view(caller, id).await
}

fn nothing() -> DryRunView {
    DryRunView {
        id: None,
        state: DryRunState::Refused,
        done: 0,
        total: 0,
        faults: Vec::new(),
        lines: Vec::new(),
        left_out: 0,
        people_gaining: 0,
        people_losing: 0,
    }
}

/// Where a run of the caller's stands.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn view(caller: &Caller, id: i64) -> Result<DryRunView, Failure> {
    let row = own(caller, id).await?;
    let silent = caller.app.now().as_millisecond() - row.heard_at > LOST_MS;
    let state = match row.state.as_str() {
        "running" if row.cancelled => DryRunState::Cancelled,
        "running" if silent => DryRunState::Failed,
        "running" => DryRunState::Running,
        "done" => DryRunState::Done,
        "cancelled" => DryRunState::Cancelled,
        "timed-out" => DryRunState::TimedOut,
        _ => DryRunState::Failed,
    };
    let report: Report = if row.report.is_empty() {
        Report::default()
    } else {
        serde_json::from_str(&row.report).map_err(Failure::internal)?
    };
    let items = examples(caller, &report).await?;
    let lines = report.lines.iter().map(|line| line_view(caller, line, &items));
    Ok(DryRunView {
        id: Some(row.id),
        state,
        done: u64::try_from(row.done).unwrap_or_default(),
        total: u64::try_from(row.total).unwrap_or_default(),
        faults: Vec::new(),
        lines: lines.collect(),
        left_out: u64::try_from(report.left_out).unwrap_or_default(),
        people_gaining: u64::try_from(report.gaining.len()).unwrap_or_default(),
        people_losing: u64::try_from(report.losing.len()).unwrap_or_default(),
    })
}

/// The items named as examples, as far as the caller himself sees them.
async fn examples(caller: &Caller, report: &Report) -> Result<Vec<Entry>, Failure> {
    let lines = report.lines.iter().flat_map(|line| line.gained_items.iter().chain(&line.lost_items));
    let ids: BTreeSet<i64> = lines.copied().collect();
    let mut found = Vec::new();
    for (_, item) in ledger::items(caller.app.db.reader(), &ids).await? {
        let parent = match item.parent {
            Some(parent) => {
                ledger::items(caller.app.db.reader(), &BTreeSet::from([parent.raw()])).await?.remove(&parent)
            }
            None => None,
        };
        found.push(Entry::of(caller, item, parent));
    }
    Ok(found)
}

fn line_view(caller: &Caller, line: &Line, items: &[Entry]) -> DryRunLine {
    let registry = &caller.published.registry;
    let module = registry.module(&line.module);
    let kind = module.and_then(|module| module.kind(&line.kind));
    let example = |id: &i64| {
        let entry = items.iter().find(|entry| entry.item.id.raw() == *id);
        let id = Id::from_raw(*id).to_string();
        // Administering access shows no business data: an item that is not his to read is named by its number.
        let title = entry.filter(|entry| entry.is_seen()).map(|entry| ledger::title(caller, &entry.item));
        ExampleView { title: title.unwrap_or_else(|| id.clone()), id }
    };
    let number = |many: i64| u64::try_from(many).unwrap_or_default();
    DryRunLine {
        module: line.module.clone(),
        module_title: module.map_or_else(|| line.module.clone(), |module| caller.text(&module.title)),
        kind: line.kind.clone(),
        kind_title: kind.map_or_else(|| line.kind.clone(), |kind| caller.text(&kind.title)),
        action: line.action.clone(),
        roles: line.roles.clone(),
        people: u64::try_from(line.people).unwrap_or_default(),
        examples: line.examples.iter().map(|person| labels::person(caller, PersonId(*person))).collect(),
        gained: number(line.gained),
        lost: number(line.lost),
        gained_items: line.gained_items.iter().map(example).collect(),
        lost_items: line.lost_items.iter().map(example).collect(),
        fields: line
            .fields
            .iter()
            .map(|field| FieldChange {
                field: field.field.clone(),
                gained: number(field.gained),
                lost: number(field.lost),
            })
            .collect(),
    }
}
