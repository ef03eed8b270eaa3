//! Migrations over HTTP, by system administrators.

use docket_engine::{
    definition::{form::WellKnown, registry::Bound},
    id::Id,
    migrate::{Fate, Foreseen, Mapping, Plan, Unfit},
    rejection::Rejection,
    text::{Name, Text},
};

use super::{Found, Order, Outcome, PART, Refused, Route, Row, Which, said};
use crate::{
    access::{Naming, duty::Console},
    api::{
        caller::Caller,
        migrations::{
            FateView, ForeseenView, MigrateInput, MigratedRow, MigrationPart, MigrationPlan, MigrationRow,
            MigrationState, NodeFate, NodeText, PlaceView, PlanView, SettleInput, UnfilledView, VersionView,
        },
        page::Page,
    },
    app::{
        ledger::{self, Entry},
        run,
    },
    failure::{Failure, Fault},
};

/// The most nodes of a mapping.
const MAX_MAPPED: usize = 1_000;

/// What is asked to be shown.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The workflow.
    pub workflow: &'a str,
    /// How the version to come to begins.
    pub to: Option<String>,
    /// `OLD=NEW`, each.
    pub map: Vec<String>,
    /// The item alone.
    pub item: Option<String>,
}

/// The plan, with a page of the instances and what would become of each.
///
/// # Errors
/// [`Failure::Forbidden`] for whom no policy lets migrate anything; what [`Refused`] says.
pub async fn plan(caller: &Caller, asked: Asked<'_>, page: Page) -> Result<MigrationPlan, Failure> {
    let pairs = asked.map.iter().enumerate().map(|(place, pair)| match pair.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err(Failure::invalid(
            format!("/map/{place}"),
            "format",
            Text::new("应写成 旧节点=新节点", "write OLD=NEW: two names of nodes"),
        )),
    });
    let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
    let order = order(caller, asked.workflow, asked.to, pairs, asked.item)?;
    let app = &caller.app;
    let route = super::route(app, &order).await.map_err(|refused| failure(caller, refused))?;
    let which = Which::Elsewhere(&route.to.workflow.version);
    let total = super::count(app, &order, which).await?;
    let found = super::page(app, &order, which, (page.offset(), page.limit())).await?;
    let rows = super::look(app, &order, &route, &found).await.map_err(|error| run::refused(caller, error))?;
    let registry = &caller.published.registry;
    let in_force = registry.workflows.get(&order.workflow).map(|bound| &bound.workflow.version);
    let versions = registry.versions.values().filter(|bound| bound.workflow.name == order.workflow);
    Ok(MigrationPlan {
        workflow: order.workflow.to_string(),
        title: caller.text(&route.to.workflow.title),
        to: route.to.workflow.version.to_string(),
        versions: versions
            .map(|bound| VersionView {
                version: bound.workflow.version.to_string(),
                in_force: Some(&bound.workflow.version) == in_force,
            })
            .collect(),
        plans: route.plans.values().map(|(from, plan)| plan_view(caller, from, &route, plan)).collect(),
        open: super::count(app, &order, Which::Open).await?,
        rows: rows.iter().map(|row| row_view(caller, &route, row)).collect(),
        total,
    })
}

/// Moves the next instances.
///
/// # Errors
/// As [`plan`].
pub async fn migrate(caller: &Caller, workflow: &str, input: MigrateInput) -> Result<MigrationPart, Failure> {
    let pairs = input.nodes.into_iter().map(|pair| (pair.old, pair.new)).collect();
    let order = order(caller, workflow, input.to, pairs, input.item)?;
    let app = &caller.app;
    let route = super::route(app, &order).await.map_err(|refused| failure(caller, refused))?;
    let after = after(input.after)?;
    let found = super::find(app, &order, Which::Elsewhere(&route.to.workflow.version), after).await?;
    let done = super::carry_out(app, &order, &route, &caller.origin(), &found).await;
    let done = done.map_err(|error| run::refused(caller, error))?;
    Ok(part(caller, &found, &done, MigrationState::Moved))
}

/// Confirms, or with `back` takes back, the next migrations.
///
/// # Errors
/// As [`plan`].
pub async fn settle(caller: &Caller, workflow: &str, input: SettleInput, back: bool) -> Result<MigrationPart, Failure> {
    let order = order(caller, workflow, None, Vec::new(), input.item)?;
    super::known(&caller.app, &order).map_err(|refused| failure(caller, refused))?;
    let found = super::find(&caller.app, &order, Which::Open, after(input.after)?).await?;
    let done = super::settle(&caller.app, &order, &caller.origin(), &found, back).await;
    let done = done.map_err(|error| run::refused(caller, error))?;
    let state = if back { MigrationState::Back } else { MigrationState::Confirmed };
    Ok(part(caller, &found, &done, state))
}

/// What is meant; only system administrators migrate.
fn order(
    caller: &Caller,
    workflow: &str,
    to: Option<String>,
    pairs: Vec<(String, String)>,
    item: Option<String>,
) -> Result<Order, Failure> {
    caller.require(Console::Workflows)?;
    if pairs.len() > MAX_MAPPED {
        let message = Text::new("映射最多 1000 个节点", "a mapping has at most 1,000 nodes");
        return Err(Failure::invalid("/nodes", "too-many", message));
    }
    let mut nodes = Mapping::new();
    for (place, (old, new)) in pairs.into_iter().enumerate() {
        let message = Text::new(format!("节点 `{old}` 被映射了两次"), format!("the node `{old}` is mapped twice"));
        if nodes.insert(Name::from(old), Name::from(new)).is_some() {
            return Err(Failure::invalid(format!("/nodes/{place}/old"), "mapped-twice", message));
        }
    }
    let item = item.map(|item| caller.id(&item)).transpose()?;
    Ok(Order { workflow: workflow.into(), to, nodes, item })
}

fn after(after: Option<String>) -> Result<Option<Id>, Failure> {
    let parsed = after.map(|text| text.parse()).transpose();
    parsed.map_err(|_| {
        let message = Text::new("应为上一次回答中的 `next`", "write the `next` of the answer before");
        Failure::invalid("/after", "format", message)
    })
}

/// Why nothing was looked at, in terms of HTTP.
fn failure(caller: &Caller, refused: Refused) -> Failure {
    match refused {
        Refused::UnknownWorkflow(_) => Failure::NotFound,
        Refused::UnknownVersion(all) => {
            let all = all.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
            let message = Text::new(
                format!("没有恰好一个以此开头的版本；现有：{all}"),
                format!("not exactly one version begins like this; there are: {all}"),
            );
            Failure::invalid("/to", "unknown-version", message)
        }
        Refused::Mapping(faults) => {
            Failure::Invalid(faults.iter().map(|fault| Fault::new("/nodes", code(fault), said::unfit(fault))).collect())
        }
        Refused::Failed(error) => run::refused(caller, error),
    }
}

const fn code(fault: &Unfit) -> &'static str {
    match fault {
        Unfit::OtherWorkflow => "other-workflow",
        Unfit::SameVersion => "same-version",
        Unfit::UnknownOld { .. } => "unknown-old",
        Unfit::UnknownNew { .. } => "unknown-new",
        Unfit::Twice { .. } => "twice",
    }
}

fn titled(caller: &Caller, bound: &Bound, node: &Name) -> String {
    let found = bound.workflow.nodes.get(node);
    found.map_or_else(|| node.to_string(), |found| caller.text(&found.title))
}

fn plan_view(caller: &Caller, from: &Bound, route: &Route, plan: &Plan) -> PlanView {
    let fate = |(name, fate): (&Name, &Fate)| {
        let (fate, to) = match fate {
            Fate::Kept => (FateView::Kept, Some(name.to_string())),
            Fate::Mapped(to) => (FateView::Mapped, Some(to.to_string())),
            Fate::OtherKind(to) => (FateView::OtherKind, Some(to.to_string())),
            Fate::Gone => (FateView::Gone, None),
        };
        NodeFate { node: name.to_string(), title: titled(caller, from, name), fate, to }
    };
    let note = |note: &docket_engine::migrate::Note| NodeText {
        node: note.node.to_string(),
        title: titled(caller, &route.to, &note.node),
        text: caller.text(&said::difference(note)),
    };
    PlanView {
        from: plan.from.to_string(),
        nodes: plan.nodes.iter().map(fate).collect(),
        notes: plan.notes.iter().map(note).collect(),
    }
}

fn row_view(caller: &Caller, route: &Route, row: &Row) -> MigrationRow {
    let (verdict, foreseen, reasons) = match &row.fate {
        Ok(foreseen) => (MigrationState::Movable, Some(foreseen_view(caller, route, row, foreseen)), Vec::new()),
        Err(rejection) => {
            let state = state_of(rejection);
            (state, None, reasons(caller, Some(&row.from), rejection))
        }
    };
    let fields = Entry::of(caller, row.item.clone(), row.parent.clone()).fields();
    let sees = fields.shows(Naming::playing(ledger::form_of(caller, &row.item), WellKnown::Title));
    MigrationRow {
        instance: row.instance.to_string(),
        item: row.item.id.to_string(),
        title: row.title.clone().filter(|_| sees),
        from: row.from.workflow.version.to_string(),
        verdict,
        foreseen,
        reasons,
    }
}

fn foreseen_view(caller: &Caller, route: &Route, row: &Row, foreseen: &Foreseen) -> ForeseenView {
    let titles = |nodes: &[Name]| nodes.iter().map(|node| titled(caller, &route.to, node)).collect();
    let places = foreseen.shown.places.iter().map(|place| PlaceView {
        from: place.from.to_string(),
        from_title: titled(caller, &row.from, &place.from),
        to: place.to.to_string(),
        to_title: titled(caller, &route.to, &place.to),
        members: u32::try_from(place.members).unwrap_or(u32::MAX),
    });
    let unfilled = foreseen.shown.unfilled.iter().map(|(node, field)| UnfilledView {
        node: node.to_string(),
        title: titled(caller, &route.to, node),
        field: field.to_string(),
    });
    ForeseenView {
        places: places.collect(),
        unfilled: unfilled.collect(),
        opens: titles(&foreseen.opens),
        closes: titles(&foreseen.closes),
        cancels: foreseen.cancels.iter().map(ToString::to_string).collect(),
        ends: foreseen.ends,
        reversible: foreseen.reversible,
    }
}

const fn state_of(rejection: &Rejection) -> MigrationState {
    match rejection {
        Rejection::Strands { .. } => MigrationState::Stranded,
        _ => MigrationState::Refused,
    }
}

/// Why an instance stays: for each token that is stranded, or in one sentence.
fn reasons(caller: &Caller, from: Option<&Bound>, rejection: &Rejection) -> Vec<NodeText> {
    match rejection {
        Rejection::Strands { stranded } => {
            let one = |found: &docket_engine::migrate::Stranded| NodeText {
                node: found.node.to_string(),
                title: from.map_or_else(|| found.node.to_string(), |from| titled(caller, from, &found.node)),
                text: caller.text(&said::why(found)),
            };
            stranded.iter().map(one).collect()
        }
        other => {
            let text = said::refused(other).unwrap_or_else(|| {
                tracing::error!(rejection = ?other, "a migration was refused");
                Text::new("引擎拒绝了迁移", "the engine refuses the migration")
            });
            vec![NodeText { node: String::new(), title: String::new(), text: caller.text(&text) }]
        }
    }
}

fn part(caller: &Caller, found: &[Found], done: &[Outcome], state: MigrationState) -> MigrationPart {
    let registry = &caller.published.registry;
    let row = |outcome: &Outcome| {
        let from = outcome.from.as_deref().and_then(|from| registry.versions.get(from)).map(AsRef::as_ref);
        MigratedRow {
            instance: outcome.instance.to_string(),
            item: outcome.item.to_string(),
            state: outcome.refused.as_ref().map_or(state, state_of),
            reasons: outcome.refused.as_ref().map(|refused| reasons(caller, from, refused)).unwrap_or_default(),
        }
    };
    let full = u64::try_from(found.len()).unwrap_or(u64::MAX) >= PART;
    MigrationPart {
        rows: done.iter().map(row).collect(),
        next: found.last().filter(|_| full).map(|last| last.instance.to_string()),
    }
}
