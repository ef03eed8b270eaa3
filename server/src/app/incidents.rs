//! Incidents: listed for those whom a policy lets `resolve` them, and resolved by them.

use std::collections::BTreeSet;

use docket_engine::{
    case::{IncidentCause, Instance},
    command::{Command, Resolution},
    definition::{
        registry::Bound,
        workflow::{Node, NodeKind},
    },
    id::{Id, PersonId},
    text::Text,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Query,
};

use super::{acting, ledger, run, runner, tasks};
use crate::{
    api::{
        caller::Caller,
        incidents::{CauseView, HowInput, IncidentPage, IncidentView, ResolveInput, Resolved},
        operations::StepView,
        page::Page,
        sent::Key,
    },
    clock::from_ms,
    db::entity::{incident, instance, item},
    failure::Failure,
};

/// Open incidents that the caller may resolve, the newest first.
///
/// # Errors
/// The database's own, and rows that hold no incident.
pub async fn list(caller: &Caller, page: Page) -> Result<IncidentPage, Failure> {
    let Some(theirs) = ledger::allowed(caller, "resolve") else {
        return Ok(IncidentPage { rows: Vec::new(), total: 0 });
    };
    let db = caller.app.db.reader();
    let items = item::Entity::find().select_only().column(item::Column::Id).filter(theirs).into_query();
    let instances = Query::select()
        .column(instance::Column::Id)
        .from(instance::Entity)
        .and_where(instance::Column::ItemId.in_subquery(items))
        .to_owned();
    let open = || incident::Entity::find().filter(incident::Column::InstanceId.in_subquery(instances.clone()));
    let total = open().count(db).await?;
    let found = open().order_by_desc(incident::Column::Id).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        rows.push(view(caller, &load(caller, row).await?).await?);
    }
    Ok(IncidentPage { rows, total })
}

/// An incident with what surrounds it.
struct Loaded {
    row: incident::Model,
    cause: IncidentCause,
    instance: Instance,
    entry: ledger::Entry,
}

async fn load(caller: &Caller, row: incident::Model) -> Result<Loaded, Failure> {
    let db = caller.app.db.reader();
    let stored = instance::Entity::find_by_id(row.instance_id).one(db).await?.ok_or(Failure::NotFound)?;
    let instance = runner::rows::read_instance(&stored).map_err(Failure::internal)?;
    let entry = ledger::any(caller, instance.item).await?;
    let cause = serde_json::from_str(&row.cause).map_err(Failure::internal)?;
    Ok(Loaded { row, cause, instance, entry })
}

async fn view(caller: &Caller, loaded: &Loaded) -> Result<IncidentView, Failure> {
    let Loaded { row, cause, instance, entry } = loaded;
    let root = Id::root_item(row.root_id);
    let top = if root == entry.item.id { entry.clone() } else { ledger::any(caller, root).await? };
    let bound = caller.published.registry.versions.get(&instance.version);
    let node = bound.and_then(|bound| bound.workflow.nodes.get(row.node.as_str()));
    let title = node.map_or_else(|| row.node.clone(), |node| caller.text(&node.title));
    let module = caller.published.registry.module(&entry.item.module);
    Ok(IncidentView {
        id: Id::from_raw(row.id).to_string(),
        item: entry.item.id.to_string(),
        root: root.to_string(),
        item_title: ledger::title(caller, &top.item),
        module_title: module.map_or_else(String::new, |module| caller.text(&module.title)),
        workflow_title: bound.map_or_else(String::new, |bound| caller.text(&bound.workflow.title)),
        text: caller.text(&sentence(cause)),
        cause: match cause {
            IncidentCause::Nobody => CauseView::Nobody,
            IncidentCause::Empty => CauseView::Empty,
            IncidentCause::Service { .. } => CauseView::Service,
            IncidentCause::Error { .. } => CauseView::Error,
        },
        node_title: title,
        task: row.task_id.map(|id| Id::from_raw(id).to_string()),
        opened_at: from_ms(row.opened_at).to_string(),
        outcomes: node.map(|node| outcomes(caller, node)).unwrap_or_default(),
        nodes: bound.map(|bound| steps(caller, bound, &row.node)).unwrap_or_default(),
    })
}

/// What has happened, for people.
pub(super) fn sentence(cause: &IncidentCause) -> Text {
    match cause {
        IncidentCause::Nobody => Text::new("没有人可以办理", "nobody can do it"),
        IncidentCause::Empty => Text::new("没有一个会签人", "the group has no members"),
        IncidentCause::Service { service, message } => Text::new(
            format!("外部系统“{service}”出错：{message}"),
            format!("the service “{service}” failed: {message}"),
        ),
        IncidentCause::Error { error } => {
            Text::new(format!("子流程以错误“{error}”结束"), format!("a called workflow ended with the error “{error}”"))
        }
    }
}

/// With what a step can be passed over.
fn outcomes(caller: &Caller, node: &Node) -> Vec<StepView> {
    let step = |name: &str, title: String| StepView { node: name.to_owned(), title };
    match &node.kind {
        NodeKind::Task(task) => {
            let on = task.outcomes.iter().filter(|outcome| !outcome.is_return);
            on.map(|outcome| step(&outcome.name, caller.text(&outcome.title))).collect()
        }
        NodeKind::Call(call) => {
            call.results.iter().map(|result| step(&result.result, result.result.to_string())).collect()
        }
        NodeKind::Action(_) => vec![step("", caller.text(&Text::new("继续", "Go on")))],
        _ => Vec::new(),
    }
}

/// The other steps that a person would know by their titles.
fn steps(caller: &Caller, bound: &Bound, node: &str) -> Vec<StepView> {
    let named = bound.workflow.nodes.values().filter(|other| {
        other.name != *node && matches!(other.kind, NodeKind::Task(_) | NodeKind::Stage(_) | NodeKind::End(_))
    });
    named.map(|other| StepView { node: other.name.to_string(), title: caller.text(&other.title) }).collect()
}

/// Resolves an incident.
///
/// # Errors
/// [`Failure::NotFound`] where there is none, or its item is not the caller's to see and resolve; [`Failure::Forbidden`] where
/// he sees the item and may not resolve; [`Failure::Invalid`]; what the engine refuses.
pub async fn resolve(caller: &Caller, id: Id, key: Key, input: ResolveInput) -> Result<Resolved, Failure> {
    let (how, comment) = (resolution(&input)?, run::comment(input.comment)?);
    let (root, key) = (Some(id.root()), key.into_text());
    let command = Command::Resolve { incident: id, how, comment };
    let hash = runner::hash_of(&(root, &command));
    let done = if let Some(done) = run::answered(caller, &key, &hash).await? {
        done
    } else {
        authorise(caller, id).await?;
        run::hashed(caller, key, hash, root, command).await?
    };
    Ok(Resolved { incident: id.to_string(), next: tasks::opened_titles(caller, &done) })
}

async fn authorise(caller: &Caller, id: Id) -> Result<(), Failure> {
    let row = incident::Entity::find_by_id(id.raw()).one(caller.app.db.reader()).await?.ok_or(Failure::NotFound)?;
    let loaded = load(caller, row).await?;
    let entry = &loaded.entry;
    if caller.visibility("resolve", &entry.item.kind).sees(&entry.facts(caller)) {
        Ok(())
    } else if entry.is_seen() {
        Err(Failure::Forbidden)
    } else {
        Err(Failure::NotFound)
    }
}

fn resolution(input: &ResolveInput) -> Result<Resolution, Failure> {
    Ok(match input.how {
        HowInput::Reassign => {
            let numbered = (0..).zip(&input.people);
            let read = numbered
                .map(|(place, text): (usize, _)| acting::person(text, &format!("/people/{place}")))
                .collect::<Result<BTreeSet<PersonId>, _>>()?;
            if read.is_empty() {
                return Err(Failure::invalid("/people", "required", Text::new("请选择人员", "choose people")));
            }
            Resolution::Reassign { people: read.into_iter().collect() }
        }
        HowInput::Retry => Resolution::Retry,
        HowInput::Skip => {
            let outcome = input.outcome.as_deref().filter(|outcome| !outcome.is_empty());
            Resolution::Skip { outcome: outcome.map(Into::into) }
        }
        HowInput::Jump => match input.node.as_deref() {
            Some(node) => Resolution::Jump { node: node.into() },
            None => return Err(Failure::invalid("/node", "required", Text::new("请选择步骤", "choose a step"))),
        },
    })
}
