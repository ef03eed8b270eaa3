//! One task as a person sees it.

use std::collections::BTreeMap;

use docket_engine::{
    case::{Case, TaskState},
    definition::workflow::{NodeKind, Outcome, Requirement, Task},
    event::Kind,
    id::{Id, PersonId},
    step,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value as Json};

use super::{
    forms, item_view, labels, ledger, members_view, operations, run,
    runner::{self, chain},
    tasks::{self, Loaded},
};
use crate::{
    access::Fields,
    api::{
        caller::Caller,
        items::ItemView,
        json::JsonObject,
        tasks::{ClosedView, EarlierView, OutcomeView, TaskMay, TaskStateView, TaskView},
    },
    clock::from_ms,
    db::entity::{history, task},
    failure::Failure,
};

/// What tasks of a root were completed with, by task.
type Sent = BTreeMap<Id, Map<String, Json>>;

/// The task as the caller sees it.
///
/// # Errors
/// The database's own.
pub async fn view(caller: &Caller, loaded: &Loaded) -> Result<TaskView, Failure> {
    let work = &loaded.task;
    let node = loaded.node();
    let sent = sent(caller, work.id.root()).await?;
    let mine = loaded.is_open_to(caller);
    let draft = if mine { tasks::draft(caller, work.id).await? } else { None };
    let paused = loaded.entry.is_suspended();
    let closed = closed(caller, loaded);
    let fields = loaded.entry.fields();
    let form = loaded.form();
    let stored = |data: &Map<String, Json>| fields.of_data(form.map(AsRef::as_ref), data);
    let data = match (&draft, sent.get(&work.id)) {
        // He wrote it himself.
        (Some((data, _)), _) => data.clone(),
        (None, Some(data)) => stored(data),
        (None, None) => stored(&prefilled(caller, loaded, &sent).await?),
    };
    // Whoever is to fill the form in is asked for all of it, even where he may not read what others wrote there.
    let asked = if mine { Fields::whole() } else { fields.clone() };
    let shared = work.candidates.len() > 1;
    let case = case(caller, loaded).await?;
    let context = caller.app.context(caller.actor());
    let operations = case.as_ref().map(|case| step::operations(case, work.id, &context));
    let found = case.as_ref().zip(operations.as_ref());
    let occupied = operations.as_ref().and_then(|operations| operations.occupied.as_ref());
    let delegated = work.owner.is_some();
    let free = mine && !paused && !delegated && case.as_ref().is_some_and(|case| step::may_do(case, work.id, &context));
    let may_begin = free && occupied.is_none();
    Ok(TaskView {
        id: work.id.to_string(),
        node: work.node.to_string(),
        title: node.map_or_else(|| work.node.to_string(), |(node, _)| caller.text(&node.title)),
        workflow_title: caller.text(&loaded.bound.workflow.title),
        state: match work.state {
            TaskState::Open => TaskStateView::Open,
            TaskState::Completed { .. } => TaskStateView::Completed,
            TaskState::Cancelled { .. } => TaskStateView::Cancelled,
        },
        item: item_view::bare(caller, &loaded.entry),
        root_item: root_item(caller, loaded).await?,
        form: form.map(|form| forms::view(caller, form, &asked)),
        data: JsonObject(data),
        draft_saved_at: draft.map(|(_, at)| at.to_string()),
        assignee: work.assignee.map(|person| labels::person(caller, person)),
        candidates: work.candidates.iter().map(|person| labels::person(caller, *person)).collect(),
        due: work.due.map(|due| due.to_string()),
        late: work.late,
        occupied: occupied.map(|title| caller.text(title)),
        outcomes: outcomes(caller, loaded, case.as_ref(), node.map(|(_, task)| task)),
        may: TaskMay {
            claim: may_begin && work.assignee.is_none(),
            release: free && shared && work.assignee.is_some(),
            complete: may_begin,
            save_draft: mine && loaded.form().is_some(),
        },
        operations: operations::view(caller, loaded, found),
        members: match &case {
            Some(case) if work.state == TaskState::Open => members_view::view(caller, loaded, case).await?,
            _ => Vec::new(),
        },
        earlier: earlier(caller, loaded, &sent).await?,
        closed,
    })
}

/// What an open task's form begins with: the node's latest. Where several sign, nobody's opinion is put into another's form:
/// only what the reader himself wrote there last.
async fn prefilled(caller: &Caller, loaded: &Loaded, sent: &Sent) -> Result<Map<String, Json>, Failure> {
    let work = &loaded.task;
    if work.member.is_none() {
        return Ok(loaded.instance.forms.get(&work.node).map(|form| form.fields().clone()).unwrap_or_default());
    }
    let mine = task::Entity::find()
        .filter(task::Column::InstanceId.eq(loaded.instance.id.raw()))
        .filter(task::Column::Node.eq(work.node.as_str()))
        .filter(task::Column::ClosedBy.eq(caller.person.id.0))
        .order_by_desc(task::Column::Id)
        .all(caller.app.db.reader())
        .await?;
    Ok(mine.iter().find_map(|row| sent.get(&Id::from_raw(row.id))).cloned().unwrap_or_default())
}

async fn root_item(caller: &Caller, loaded: &Loaded) -> Result<Option<ItemView>, Failure> {
    let item = &loaded.entry.item;
    if item.parent.is_none() {
        return Ok(None);
    }
    match ledger::visible(caller, Id::root_item(item.id.root())).await {
        Ok(root) => Ok(Some(item_view::bare(caller, &root))),
        Err(Failure::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The case, where the task is open or the caller completed it: only then there is something to do.
async fn case(caller: &Caller, loaded: &Loaded) -> Result<Option<Case>, Failure> {
    let his = match &loaded.task.state {
        TaskState::Open => true,
        TaskState::Completed { by, .. } => *by == caller.person.id,
        TaskState::Cancelled { .. } => false,
    };
    if !his {
        return Ok(None);
    }
    let case = runner::load_with_task(&caller.app, loaded.task.id).await;
    case.map(Some).map_err(|error| run::refused(caller, error))
}

/// What the task may end with now; nothing once it is closed.
fn outcomes(caller: &Caller, loaded: &Loaded, case: Option<&Case>, node: Option<&Task>) -> Vec<OutcomeView> {
    let (Some(node), Some(case), TaskState::Open) = (node, case, &loaded.task.state) else {
        return Vec::new();
    };
    let open = step::open_outcomes(case, loaded.task.id, &caller.app.context(caller.actor()));
    node.outcomes.iter().filter(|outcome| open.contains(&outcome.name)).map(|one| outcome(caller, one)).collect()
}

fn outcome(caller: &Caller, outcome: &Outcome) -> OutcomeView {
    OutcomeView {
        name: outcome.name.to_string(),
        title: caller.text(&outcome.title),
        requires_comment: outcome.requires.contains(&Requirement::Comment),
        is_return: outcome.is_return,
    }
}

/// The title of an outcome of `node` in the workflow of `loaded`.
pub(super) fn outcome_title(caller: &Caller, loaded: &Loaded, node: &str, name: &str) -> String {
    let found = loaded.bound.workflow.nodes.get(node).and_then(|node| match &node.kind {
        NodeKind::Task(task) => task.outcomes.iter().find(|outcome| outcome.name == *name),
        _ => None,
    });
    found.map_or_else(|| caller.text(&labels::outcome(name)), |outcome| caller.text(&outcome.title))
}

fn closed(caller: &Caller, loaded: &Loaded) -> Option<ClosedView> {
    match &loaded.task.state {
        TaskState::Open => None,
        TaskState::Completed { outcome, by, through, at, .. } => Some(ClosedView {
            by: Some(labels::person(caller, *by)),
            through: through.map(|person| labels::person(caller, person)),
            at: at.to_string(),
            outcome_title: Some(outcome_title(caller, loaded, &loaded.task.node, outcome)),
        }),
        TaskState::Cancelled { at } => {
            Some(ClosedView { by: None, through: None, at: at.to_string(), outcome_title: None })
        }
    }
}

/// What the tasks below a root were completed with, from its history: an instance keeps the latest form of a node only.
async fn sent(caller: &Caller, root: i64) -> Result<Sent, Failure> {
    let rows = history::Entity::find()
        .filter(history::Column::RootId.eq(root))
        .filter(history::Column::Event.contains("\"event\":\"task_completed\""))
        .all(caller.app.db.reader())
        .await?;
    let mut sent = Sent::new();
    for row in &rows {
        if let Kind::TaskCompleted { task, form, .. } = chain::read_event(row).map_err(Failure::internal)?.kind {
            sent.extend(form.map(|form| (task, form.fields().clone())));
        }
    }
    Ok(sent)
}

/// The tasks of the same run that were completed before, the earliest first.
async fn earlier(caller: &Caller, loaded: &Loaded, sent: &Sent) -> Result<Vec<EarlierView>, Failure> {
    let rows = task::Entity::find()
        .filter(task::Column::InstanceId.eq(loaded.instance.id.raw()))
        .filter(task::Column::State.eq(runner::rows::COMPLETED))
        .filter(task::Column::Id.ne(loaded.task.id.raw()))
        .order_by_asc(task::Column::ClosedAt)
        .order_by_asc(task::Column::Id)
        .all(caller.app.db.reader())
        .await?;
    let before = rows.into_iter().filter(|row| row.id < loaded.task.id.raw());
    Ok(before.map(|row| earlier_view(caller, loaded, sent, row)).collect())
}

fn earlier_view(caller: &Caller, loaded: &Loaded, sent: &Sent, row: task::Model) -> EarlierView {
    let node = loaded.bound.workflow.nodes.get(row.node.as_str());
    let form = node.and_then(|node| match &node.kind {
        NodeKind::Task(task) => loaded.bound.forms.get(task.form.as_ref()?),
        _ => None,
    });
    let values = form.zip(sent.get(&Id::from_raw(row.id)));
    EarlierView {
        node_title: node.map_or_else(|| row.node.clone(), |node| caller.text(&node.title)),
        form_title: form.map(|form| caller.text(&form.title)),
        by: row.closed_by.map(|person| labels::person(caller, PersonId(person))),
        through: row.closed_through.map(|person| labels::person(caller, PersonId(person))),
        at: row.closed_at.map(from_ms).unwrap_or_default().to_string(),
        outcome_title: row.outcome.as_deref().map(|outcome| outcome_title(caller, loaded, &row.node, outcome)),
        comment: row.comment,
        values: values
            .map(|(form, data)| forms::shown_present(caller, form, data, &loaded.entry.fields()))
            .unwrap_or_default(),
    }
}
