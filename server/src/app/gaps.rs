//! Steps that nobody could do, by name, and what would happen then.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    definition::registry::Registry,
    gaps::{Gap, Then, gaps},
    id::{PersonId, UnitId},
    org::Org,
    text::{Language, Text},
};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _};

use super::stand_ins::administrator;
use crate::{
    api::{
        caller::Caller,
        org::{GapView, GapsPage, ThenView},
        page::Page,
        views::Ref,
    },
    db::entity::{item, item_unit},
    failure::Failure,
    state::App,
};

/// A gap with what a person reads of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The gap.
    pub gap: Gap,
    /// Whether an open item names the unit, so that the step may come.
    pub in_use: bool,
    /// The workflow's title.
    pub workflow: Text,
    /// The node's title.
    pub node: Text,
    /// The posts' titles.
    pub posts: Text,
    /// The unit's name.
    pub unit: Option<String>,
    /// What would happen.
    pub then: Text,
}

/// All gaps of what is published, those of units that open items name first.
///
/// # Errors
/// The database's own.
pub async fn all(app: &App) -> Result<Vec<Told>, DbErr> {
    of(app, app.registry()).await
}

/// All gaps that definitions would have in the organisation as it is.
///
/// # Errors
/// The database's own.
pub async fn of(app: &App, registry: Arc<Registry>) -> Result<Vec<Told>, DbErr> {
    let org = app.org();
    let used = units_in_use(app).await?;
    let today = app.today();
    let found = {
        let (registry, org) = (Arc::clone(&registry), Arc::clone(&org));
        tokio::task::spawn_blocking(move || gaps(&registry, &org, today)).await
    };
    let found = found.map_err(|error| DbErr::Custom(error.to_string()))?;
    let mut told: Vec<Told> = found.into_iter().map(|gap| tell(gap, &registry, &org, &used)).collect();
    told.sort_by_key(|one| !one.in_use);
    Ok(told)
}

/// The units that open items name.
async fn units_in_use(app: &App) -> Result<BTreeSet<UnitId>, DbErr> {
    let units: Vec<i64> = item_unit::Entity::find()
        .select_only()
        .column(item_unit::Column::UnitId)
        .distinct()
        .join(
            JoinType::InnerJoin,
            item_unit::Entity::belongs_to(item::Entity).from(item_unit::Column::ItemId).to(item::Column::Id).into(),
        )
        .filter(item::Column::State.is_in(["open", "suspended"]))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(units.into_iter().map(UnitId).collect())
}

fn tell(gap: Gap, registry: &Registry, org: &Org, used: &BTreeSet<UnitId>) -> Told {
    let bound = registry.workflows.get(&gap.workflow);
    let name = |name: &str| Text::same(name.to_owned());
    let form = registry.organisation.as_ref();
    let titles: Vec<Text> = gap
        .posts
        .iter()
        .map(|post| form.and_then(|form| form.post(post)).map_or_else(|| name(post), |post| post.title.clone()))
        .collect();
    let joined = |of: Language, by: &str| titles.iter().map(|title| title.get(of)).collect::<Vec<_>>().join(by);
    Told {
        in_use: gap.unit.is_none_or(|unit| used.contains(&unit)),
        workflow: bound.map_or_else(|| name(&gap.workflow), |bound| bound.workflow.title.clone()),
        node: bound
            .and_then(|bound| bound.workflow.nodes.get(&gap.node))
            .map_or_else(|| name(&gap.node), |node| node.title.clone()),
        posts: Text::new(joined(Language::Zh, "、"), joined(Language::En, ", ")),
        unit: gap.unit.and_then(|unit| org.unit(unit)).map(|unit| unit.name.clone()),
        then: then(&gap.then, org),
        gap,
    }
}

fn then(then: &Then, org: &Org) -> Text {
    let names = |people: &[PersonId], by: &str| {
        people
            .iter()
            .filter_map(|person| org.person(*person))
            .map(|found| found.name.as_str())
            .collect::<Vec<_>>()
            .join(by)
    };
    match then {
        Then::Fallback(people) if people.is_empty() => {
            Text::new("由流程指定的替补办理", "the fallback of the workflow does it")
        }
        Then::Fallback(people) => Text::new(
            format!("由替补办理：{}", names(people, "、")),
            format!("the fallback does it: {}", names(people, ", ")),
        ),
        Then::Superior(people) => Text::new(
            format!("先成为待处置故障，到时改派给上级：{}", names(people, "、")),
            format!("it waits as an incident, and later goes to: {}", names(people, ", ")),
        ),
        Then::Incident => Text::new("无人可办，成为待处置故障", "nobody can do it: it becomes an incident"),
    }
}

/// A page of the gaps, for the system administrator.
///
/// # Errors
/// [`Failure::Forbidden`]; the database's own.
pub async fn page(caller: &Caller, page: Page) -> Result<GapsPage, Failure> {
    administrator(caller)?;
    let all = all(&caller.app).await?;
    let (total, in_use) = (all.len(), all.iter().filter(|one| one.in_use).count());
    let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit()).unwrap_or(0);
    let rows = all.into_iter().skip(offset).take(limit).map(|one| view(caller, one)).collect();
    Ok(GapsPage { rows, total: count(total), in_use: count(in_use) })
}

fn count(many: usize) -> u64 {
    u64::try_from(many).unwrap_or(u64::MAX)
}

fn view(caller: &Caller, told: Told) -> GapView {
    GapView {
        workflow: told.gap.workflow.to_string(),
        workflow_title: caller.text(&told.workflow),
        node: told.gap.node.to_string(),
        node_title: caller.text(&told.node),
        posts: caller.text(&told.posts),
        unit: told.gap.unit.zip(told.unit).map(|(id, name)| Ref { id: id.to_string(), name }),
        in_use: told.in_use,
        then: match told.gap.then {
            Then::Fallback(_) => ThenView::Fallback,
            Then::Superior(_) => ThenView::Superior,
            Then::Incident => ThenView::Incident,
        },
        then_text: caller.text(&told.then),
    }
}

/// The gaps as lines for a command line, at most `most` of them and how many there are.
#[must_use]
pub fn lines(all: &[Told], language: Language, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = all
        .iter()
        .take(most)
        .map(|one| {
            let (workflow, node, posts) = (one.workflow.get(language), one.node.get(language), one.posts.get(language));
            let (unit, then) = (one.unit.as_deref().unwrap_or("—"), one.then.get(language));
            match language {
                Language::Zh => format!("缺岗：{unit} 没有{posts}，“{workflow}”的“{node}”{then}"),
                Language::En => format!("gap: {unit} has no {posts} for “{node}” of “{workflow}”: {then}"),
            }
        })
        .collect();
    let more = all.len().saturating_sub(most);
    if more > 0 {
        lines.push(match language {
            Language::Zh => format!("另有 {more} 处缺岗，见组织机构页面，或用 --json 列出全部"),
            Language::En => format!("{more} more gaps: see the organisation page, or --json for all"),
        });
    }
    lines
}

/// The gaps for scripts.
#[must_use]
pub fn json(all: &[Told], language: Language) -> Vec<serde_json::Value> {
    all.iter()
        .map(|one| {
            serde_json::json!({
                "workflow": one.gap.workflow, "node": one.gap.node, "posts": one.gap.posts, "unit": one.unit,
                "in_use": one.in_use, "then": one.then.get(language),
            })
        })
        .collect()
}
