//! The organisation as its administrator sees it: units below a unit, people, and how far open work has followed.

use std::collections::BTreeMap;

use docket_engine::{
    id::{PersonId, UnitId},
    org::{Org, Person, Unit},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _, QuerySelect as _};

use super::{follow_ups::Work, labels, pinyin, stand_ins::administrator};
use crate::{
    api::{
        caller::Caller,
        org::{FollowUpView, FollowUpsPage, OrgPersonView, OrgUnitView, PeoplePage, PostHeld},
        page::Page,
        views::Ref,
    },
    clock::from_ms,
    db::entity::follow_up,
    failure::Failure,
};

/// The units below `parent`, or those without one above them, in the order of the organisation.
///
/// # Errors
/// [`Failure::Forbidden`]; [`Failure::NotFound`] for what is no unit.
pub fn units(caller: &Caller, parent: Option<&str>) -> Result<Vec<OrgUnitView>, Failure> {
    administrator(caller)?;
    let org = caller.app.org();
    let above = match parent {
        Some(text) => {
            Some(text.parse().map(UnitId).ok().filter(|unit| org.unit(*unit).is_some()).ok_or(Failure::NotFound)?)
        }
        None => None,
    };
    let (below, people) = (children(&org), staff(&org));
    let mut units: Vec<&Unit> = org.units().filter(|unit| unit.parent == above).collect();
    units.sort_by_key(|unit| (unit.order, unit.id));
    let named = |unit: UnitId| org.unit(unit).map(|found| Ref { id: unit.to_string(), name: found.name.clone() });
    Ok(units
        .into_iter()
        .map(|unit| OrgUnitView {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            class: unit.class.clone(),
            from: unit.from.map(|day| day.to_string()),
            to: unit.to.map(|day| day.to_string()),
            successor: unit.successor.and_then(named),
            in_force: unit.is_in_force(caller.app.today()),
            below: below.get(&unit.id).copied().unwrap_or_default(),
            people: people.get(&unit.id).copied().unwrap_or_default(),
        })
        .collect())
}

/// How many units lie directly below each.
fn children(org: &Org) -> BTreeMap<UnitId, u32> {
    let mut below = BTreeMap::new();
    for parent in org.units().filter_map(|unit| unit.parent) {
        *below.entry(parent).or_default() += 1;
    }
    below
}

/// How many active people hold posts in each unit.
fn staff(org: &Org) -> BTreeMap<UnitId, u32> {
    let mut people = BTreeMap::new();
    for person in org.people().filter(|person| person.active) {
        let mut units: Vec<UnitId> = org.holdings_of(person.id).filter_map(|holding| holding.unit).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            *people.entry(unit).or_default() += 1;
        }
    }
    people
}

/// People whose name, staff number or title matches `q`, of a unit where one is given; those who have left last.
///
/// # Errors
/// [`Failure::Forbidden`].
pub fn people(caller: &Caller, q: &str, unit: Option<&str>, page: Page) -> Result<PeoplePage, Failure> {
    administrator(caller)?;
    let org = caller.app.org();
    let query = pinyin::Query::new(q);
    let unit = unit.map(|text| text.parse().map(UnitId).map_err(|_| Failure::NotFound)).transpose()?;
    let of_unit =
        |person: &Person| unit.is_none_or(|unit| org.holdings_of(person.id).any(|holding| holding.unit == Some(unit)));
    let mut found: Vec<(bool, u8, &Person)> = org
        .people()
        .filter(|person| of_unit(person))
        .filter_map(|person| {
            let rank = query.rank(&person.name).or_else(|| query.rank_exactly(&person.code));
            rank.map(|rank| (!person.active, rank, person))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, &a.2.code, a.2.id).cmp(&(b.0, b.1, &b.2.code, b.2.id)));
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit()).unwrap_or(0);
    let rows = found.into_iter().skip(offset).take(limit).map(|(_, _, person)| person_view(caller, &org, person));
    Ok(PeoplePage { rows: rows.collect(), total })
}

fn person_view(caller: &Caller, org: &Org, person: &Person) -> OrgPersonView {
    let form = caller.published.registry.organisation.as_ref();
    let held = org.holdings_of(person.id).map(|holding| PostHeld {
        title: form
            .and_then(|form| form.post(&holding.post))
            .map_or_else(|| holding.post.to_string(), |post| caller.text(&post.title)),
        unit: holding.unit.map(|unit| labels::unit(caller, unit)),
    });
    OrgPersonView {
        id: person.id.to_string(),
        code: person.code.clone(),
        name: person.name.clone(),
        title: person.title.clone(),
        active: person.active,
        posts: held.collect(),
    }
}

/// How far open work has followed changes of the organisation, the latest change first.
///
/// # Errors
/// [`Failure::Forbidden`]; the database's own.
pub async fn follow_ups(caller: &Caller, page: Page) -> Result<FollowUpsPage, Failure> {
    administrator(caller)?;
    let db = caller.app.db.reader();
    let select = follow_up::Entity::find();
    let total = select.clone().count(db).await?;
    let rows = select.order_by_desc(follow_up::Column::Id).offset(page.offset()).limit(page.limit()).all(db).await?;
    Ok(FollowUpsPage { rows: rows.into_iter().map(|row| follow_up_view(caller, row)).collect(), total })
}

fn follow_up_view(caller: &Caller, row: follow_up::Model) -> FollowUpView {
    let org = caller.app.org();
    let unit = |id: i64| org.unit(UnitId(id)).map_or_else(|| id.to_string(), |unit| unit.name.clone());
    let text = match serde_json::from_str(&row.work) {
        Ok(Work::HandOver { person, .. }) => {
            let name = labels::person(caller, person).name;
            docket_engine::text::Text::new(
                format!("{name}离任，移交待办"),
                format!("{name} has left: tasks handed over"),
            )
        }
        Ok(Work::Succeed { unit: from, successor }) => docket_engine::text::Text::new(
            format!("{}的在办事项转到{}", unit(from), unit(successor)),
            format!("open items of {} go to {}", unit(from), unit(successor)),
        ),
        Ok(Work::Resolve) | Err(_) => docket_engine::text::Text::new(
            "岗位有变化，重新确定办理人",
            "posts have changed: who does what is told anew",
        ),
    };
    FollowUpView {
        id: row.id.to_string(),
        text: caller.text(&text),
        begun_by: row.begun_by.map(|person| labels::person(caller, PersonId(person))),
        begun_at: from_ms(row.begun_at).to_string(),
        done: count(row.done),
        // Tasks may have opened since it began.
        total: count(row.total.max(row.done.saturating_add(row.failed))),
        failed: count(row.failed),
        last_error: row.last_error,
        ended_at: row.ended_at.map(|at| from_ms(at).to_string()),
    }
}

fn count(many: i64) -> u64 {
    u64::try_from(many).unwrap_or(0)
}
