//! A person's own tasks.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    definition::{registry::Bound, workflow::NodeKind},
    id::{Id, PersonId},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{ExprTrait, NullOrdering, Query, SimpleExpr},
};

use super::{
    items::lead_unit,
    labels,
    ledger::{self, Entry},
    runner::rows,
};
use crate::{
    api::{
        caller::Caller,
        page::Page,
        todo::{TodoPage, TodoRow},
    },
    clock::from_ms,
    db::{
        chunks, days,
        entity::{instance, item, task, task_candidate},
    },
    failure::Failure,
};

/// Open tasks of the caller, and of those for whom he stands in today: taken by one of them, or open to one of them and taken by
/// nobody. Below a suspended item nothing is to be done.
///
/// # Errors
/// The database's own.
pub async fn open(caller: &Caller, page: Page) -> Result<TodoPage, Failure> {
    let doers = || caller.doers.iter().map(|person| person.0);
    let open_to_me = Query::select()
        .column(task_candidate::Column::TaskId)
        .from(task_candidate::Entity)
        .and_where(SimpleExpr::col(task_candidate::Column::PersonId).is_in(doers()))
        .to_owned();
    let mine = Condition::any()
        .add(task::Column::AssigneeId.is_in(doers()))
        .add(Condition::all().add(task::Column::AssigneeId.is_null()).add(task::Column::Id.in_subquery(open_to_me)));
    let select = task::Entity::find().filter(task::Column::State.eq(rows::OPEN)).filter(mine).filter(not_paused());
    let select = select.filter(within_acting(caller));
    let ordered = select
        .order_by_with_nulls(task::Column::Due, Order::Asc, NullOrdering::Last)
        .order_by_asc(task::Column::OpenedAt)
        .order_by_asc(task::Column::Id);
    page_of(caller, ordered, page).await
}

/// In somebody's name, only tasks about what the policies let others deal with for him.
fn within_acting(caller: &Caller) -> Condition {
    if caller.through.is_none() {
        return Condition::all();
    }
    let backend = caller.app.db.reader().get_database_backend();
    let kinds: BTreeSet<&str> = caller
        .published
        .registry
        .modules
        .iter()
        .flat_map(|module| &module.kinds)
        .map(|kind| kind.name.as_str())
        .collect();
    let mut any = Condition::any();
    for kind in kinds {
        let acting = caller.acting(kind);
        if !acting.is_never() {
            let of_kind = ExprTrait::eq(SimpleExpr::col((item::Entity, item::Column::Kind)), kind);
            any = any.add(Condition::all().add(of_kind).add(acting.condition(caller.app.today(), backend)));
        }
    }
    if any.is_empty() {
        return Condition::all().add(ExprTrait::eq(SimpleExpr::val(1), 0));
    }
    let items = Query::select().column((item::Entity, item::Column::Id)).from(item::Entity).cond_where(any).to_owned();
    Condition::all().add(task::Column::ItemId.in_subquery(items))
}

/// Neither the task's item nor one above it is suspended.
fn not_paused() -> SimpleExpr {
    let mut above = Query::select();
    above.expr(SimpleExpr::col((item::Entity, item::Column::ParentId))).from(item::Entity).and_where(ExprTrait::eq(
        SimpleExpr::col((item::Entity, item::Column::Id)),
        SimpleExpr::col((task::Entity, task::Column::ItemId)),
    ));
    let root = ExprTrait::mul(
        SimpleExpr::col((task::Entity, task::Column::RootId)),
        1_i64 << docket_engine::id::SEQUENCE_BITS,
    );
    let above = SimpleExpr::SubQuery(None, Box::new(above.into()));
    let mut suspended = Query::select();
    suspended
        .expr(SimpleExpr::cust("1"))
        .from_as(item::Entity, "paused")
        .and_where(SimpleExpr::col(("paused", item::Column::Id)).is_in([
            SimpleExpr::col((task::Entity, task::Column::ItemId)),
            above,
            root,
        ]))
        .and_where(ExprTrait::eq(SimpleExpr::col(("paused", item::Column::State)), "suspended"));
    ExprTrait::not(SimpleExpr::exists(suspended))
}

/// Tasks that the caller completed, the newest first.
///
/// # Errors
/// The database's own.
pub async fn done(caller: &Caller, page: Page) -> Result<TodoPage, Failure> {
    let select = task::Entity::find()
        .filter(task::Column::State.eq(rows::COMPLETED))
        .filter(
            Condition::any()
                .add(task::Column::ClosedBy.eq(caller.person.id.0))
                .add(task::Column::ClosedThrough.eq(caller.person.id.0)),
        )
        .filter(within_acting(caller))
        .order_by_desc(task::Column::ClosedAt)
        .order_by_desc(task::Column::Id);
    page_of(caller, select, page).await
}

async fn page_of(caller: &Caller, select: Select<task::Entity>, page: Page) -> Result<TodoPage, Failure> {
    let db = caller.app.db.reader();
    let total = select.clone().count(db).await?;
    let tasks = select.offset(page.offset()).limit(page.limit()).all(db).await?;
    let around = Around::load(caller, &tasks).await?;
    Ok(TodoPage { rows: tasks.into_iter().map(|task| around.row(caller, task)).collect(), total })
}

/// What a page of tasks needs beside them, each looked up once.
struct Around {
    roots: BTreeMap<Id, Entry>,
    versions: BTreeMap<i64, String>,
    candidates: BTreeMap<i64, u32>,
}

#[derive(FromQueryResult)]
struct Version {
    id: i64,
    version: String,
}

#[derive(FromQueryResult)]
struct Candidates {
    task_id: i64,
    many: i64,
}

impl Around {
    async fn load(caller: &Caller, tasks: &[task::Model]) -> Result<Self, Failure> {
        let roots: BTreeSet<i64> = tasks.iter().map(|task| Id::root_item(task.root_id).raw()).collect();
        let instances: BTreeSet<i64> = tasks.iter().map(|task| task.instance_id).collect();
        let ids: BTreeSet<i64> = tasks.iter().map(|task| task.id).collect();
        Ok(Self {
            roots: ledger::roots(caller, &roots).await?,
            versions: versions(caller, &instances).await?,
            candidates: candidates(caller, &ids).await?,
        })
    }

    fn row(&self, caller: &Caller, task: task::Model) -> TodoRow {
        let registry = &caller.published.registry;
        let entry = self.roots.get(&Id::root_item(task.root_id));
        let root = entry.map(|entry| &entry.item);
        let kind = root.and_then(|root| ledger::kind_of(caller, root));
        let version = self.versions.get(&task.instance_id);
        let bound = version.and_then(|version| registry.versions.get(version.as_str())).map(AsRef::as_ref);
        let module = root.and_then(|root| registry.module(&root.module));
        TodoRow {
            node_title: bound
                .and_then(|bound| bound.workflow.nodes.get(task.node.as_str()))
                .map_or_else(|| task.node.clone(), |node| caller.text(&node.title)),
            workflow_title: bound.map_or_else(|| task.workflow.clone(), |bound| caller.text(&bound.workflow.title)),
            item: Id::from_raw(task.item_id).to_string(),
            root: task.root_id.to_string(),
            item_title: root.map(|root| ledger::title(caller, root)).unwrap_or_default(),
            module: root.map(|root| root.module.to_string()).unwrap_or_default(),
            module_title: module.map(|module| caller.text(&module.title)).unwrap_or_default(),
            lead_unit: root.and_then(|root| lead_unit(caller, root)).map(|unit| labels::unit(caller, unit)),
            due: task.due.map(|due| days::to_date(due).to_string()),
            light: entry
                .and_then(|entry| ledger::light(caller, entry))
                .zip(kind)
                .map(|(lit, kind)| labels::light(caller, kind, lit)),
            opened_at: from_ms(task.opened_at).to_string(),
            assignee: task.assignee_id.map(|person| labels::person(caller, PersonId(person))),
            candidates: self.candidates.get(&task.id).copied().unwrap_or_default(),
            mine: task.assignee_id.is_some_and(|person| caller.doers.contains(&PersonId(person))),
            late: task.late,
            outcome_title: task.outcome.as_deref().map(|outcome| outcome_title(caller, bound, &task.node, outcome)),
            outcome: task.outcome,
            closed_at: task.closed_at.map(|at| from_ms(at).to_string()),
            task: Id::from_raw(task.id).to_string(),
        }
    }
}

fn outcome_title(caller: &Caller, bound: Option<&Bound>, node: &str, name: &str) -> String {
    let found = bound.and_then(|bound| match &bound.workflow.nodes.get(node)?.kind {
        NodeKind::Task(task) => task.outcomes.iter().find(|outcome| outcome.name == *name),
        _ => None,
    });
    found.map_or_else(|| caller.text(&labels::outcome(name)), |outcome| caller.text(&outcome.title))
}

async fn versions(caller: &Caller, instances: &BTreeSet<i64>) -> Result<BTreeMap<i64, String>, DbErr> {
    let mut versions = BTreeMap::new();
    for part in chunks(instances) {
        let found = instance::Entity::find()
            .select_only()
            .columns([instance::Column::Id, instance::Column::Version])
            .filter(instance::Column::Id.is_in(part))
            .into_model::<Version>()
            .all(caller.app.db.reader())
            .await?;
        versions.extend(found.into_iter().map(|row| (row.id, row.version)));
    }
    Ok(versions)
}

async fn candidates(caller: &Caller, tasks: &BTreeSet<i64>) -> Result<BTreeMap<i64, u32>, DbErr> {
    let mut candidates = BTreeMap::new();
    for part in chunks(tasks) {
        let found = task_candidate::Entity::find()
            .select_only()
            .column(task_candidate::Column::TaskId)
            .column_as(task_candidate::Column::PersonId.count(), "many")
            .filter(task_candidate::Column::TaskId.is_in(part))
            .group_by(task_candidate::Column::TaskId)
            .into_model::<Candidates>()
            .all(caller.app.db.reader())
            .await?;
        candidates.extend(found.into_iter().map(|row| (row.task_id, u32::try_from(row.many).unwrap_or(u32::MAX))));
    }
    Ok(candidates)
}
