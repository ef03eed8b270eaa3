//! Filters as one condition. A field that the caller may not see is absent: nothing is found by it.

use docket_engine::{
    definition::{form::WellKnown, module::Colour},
    id::{Id, PersonId, UnitId},
    text::Text,
};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr},
};

use super::{NONE, belongs, column, masks::Masks};
use crate::{
    access::Mask,
    api::caller::Caller,
    app::{items::Filter, labels},
    db::entity::{item, item_category, item_person, item_source, item_unit},
    failure::{Failure, Fault},
    identity::normalise,
};

/// All filters as one condition.
pub(super) fn condition(
    caller: &Caller,
    masks: &Masks<'_>,
    filter: &Filter,
    light: &SimpleExpr,
) -> Result<Condition, Failure> {
    let mut faults = Vec::new();
    let mut all = Condition::all();
    if let Some(typed) = filter.q.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        all = all.add(masks.role(WellKnown::Title).guard(title_contains(typed)));
    }
    let colours = words(&filter.lights, "light", Colour::ALL.map(Colour::name).as_slice(), &mut faults);
    if !colours.is_empty() {
        all = all.add(light.clone().is_in(colours));
    }
    let states =
        words(&filter.states, "state", labels::STATES.map(docket_engine::expr::scope::state).as_slice(), &mut faults);
    if !states.is_empty() {
        all = all.add(column(item::Column::State).is_in(states));
    }
    if !filter.cycles.is_empty() {
        let among = column(item::Column::Cycle).is_in(filter.cycles.clone());
        all = all.add(masks.role(WellKnown::Cycle).guard(among));
    }
    if !filter.categories.is_empty() {
        let among =
            SimpleExpr::col((item_category::Entity, item_category::Column::Category)).is_in(filter.categories.clone());
        let has = has(item_category::Entity, Condition::all().add(among));
        all = all.add(masks.role(WellKnown::Category).guard(has));
    }
    if !filter.sources.is_empty() {
        let among = SimpleExpr::col((item_source::Entity, item_source::Column::Source)).is_in(filter.sources.clone());
        all = all.add(masks.role(WellKnown::Source).guard(has(item_source::Entity, Condition::all().add(among))));
    }
    if let Some(condition) = lead_units(&filter.lead_units, &masks.role(WellKnown::LeadUnit), &mut faults) {
        all = all.add(condition);
    }
    if let Some(condition) = leaders(&filter.leaders, &masks.role(WellKnown::Leader), &mut faults) {
        all = all.add(condition);
    }
    if let Some(unit) = filter.unit.as_deref().and_then(|unit| number("unit", unit, &mut faults)) {
        all = all.add(concerns(caller, masks, UnitId(unit)));
    }
    if let Some(parent) = &filter.parent {
        match parent.parse::<Id>() {
            Ok(parent) => all = all.add(ExprTrait::eq(column(item::Column::ParentId), parent.raw())),
            Err(_) => faults.push(no_id("parent", parent)),
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(Failure::Invalid(faults)) }
}

/// `unit`, or a unit below it, leads or co-operates, as far as the caller sees which do.
fn concerns(caller: &Caller, masks: &Masks<'_>, unit: UnitId) -> Condition {
    let units: Vec<i64> = caller.app.org().with_descendants(unit).into_iter().map(|unit| unit.0).collect();
    let roles = [("lead", WellKnown::LeadUnit), ("co", WellKnown::CoUnits)];
    let by_role = roles.map(|(word, role)| {
        let among = SimpleExpr::col((item_unit::Entity, item_unit::Column::UnitId)).is_in(units.clone());
        let plays = ExprTrait::eq(SimpleExpr::col((item_unit::Entity, item_unit::Column::Role)), word);
        (masks.role(role), plays, among)
    });
    if by_role.iter().all(|(shown, ..)| matches!(shown, Mask::Constant(true))) {
        let among = SimpleExpr::col((item_unit::Entity, item_unit::Column::UnitId)).is_in(units);
        return Condition::all().add(has(item_unit::Entity, Condition::all().add(among)));
    }
    let any = by_role
        .into_iter()
        .map(|(shown, plays, among)| shown.guard(has(item_unit::Entity, Condition::all().add(plays).add(among))));
    any.fold(Condition::any(), Condition::add)
}

/// Whether the item has a row of `entity` that meets `condition`.
fn has<E: sea_orm::Iden + Copy + 'static>(entity: E, condition: Condition) -> SimpleExpr {
    let mut select = Query::select();
    select
        .expr(Expr::cust("1"))
        .from(entity)
        .cond_where(Condition::all().add(belongs(SimpleExpr::col((entity, "item_id")))).add(condition));
    SimpleExpr::exists(select)
}

/// The title contains what was typed: compared as duplicates are, so that width, case and punctuation do not count. Where
/// only punctuation was typed, as it stands.
fn title_contains(typed: &str) -> SimpleExpr {
    let key = normalise(typed);
    if !key.is_empty() {
        // Letters and digits only: nothing in it has a meaning to LIKE.
        return column(item::Column::TitleKey).like(LikeExpr::new(format!("%{key}%")));
    }
    let escaped: String =
        typed.chars().flat_map(|c| "\\%_".contains(c).then_some('\\').into_iter().chain([c])).collect();
    column(item::Column::Title).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// Values that must be among `known`.
fn words(sent: &[String], name: &str, known: &[&'static str], faults: &mut Vec<Fault>) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in sent {
        match known.iter().find(|known| *known == word) {
            Some(known) => found.push(*known),
            None => faults.push(Fault::new(
                format!("/{name}"),
                "enum",
                Text::new(
                    format!("`{word}` 不是可选值，应为 {}", known.join("、")),
                    format!("`{word}` is none of {}", known.join(", ")),
                ),
            )),
        }
    }
    found
}

fn number(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<i64> {
    let number = text.parse().ok();
    if number.is_none() {
        faults.push(no_id(name, text));
    }
    number
}

fn no_id(name: &str, text: &str) -> Fault {
    Fault::new(format!("/{name}"), "id", Text::new(format!("`{text}` 不是编号"), format!("`{text}` is not an id")))
}

/// Ids, and whether [`NONE`] is among them.
fn ids(sent: &[String], name: &str, faults: &mut Vec<Fault>) -> (Vec<i64>, bool) {
    let none = sent.iter().any(|text| text == NONE);
    let some = sent.iter().filter(|text| *text != NONE).filter_map(|text| number(name, text, faults)).collect();
    (some, none)
}

fn lead_units(sent: &[String], shown: &Mask, faults: &mut Vec<Fault>) -> Option<Condition> {
    let (units, none) = ids(sent, "lead_unit", faults);
    let mut any = Condition::any();
    if !units.is_empty() {
        any = any.add(shown.clone().guard(column(item::Column::LeadUnitId).is_in(units)));
    }
    if none {
        any = any.add(shown.clone().absent_or(column(item::Column::LeadUnitId).is_null()));
    }
    (!any.is_empty()).then_some(any)
}

fn leaders(sent: &[String], shown: &Mask, faults: &mut Vec<Fault>) -> Option<Condition> {
    let (people, none) = ids(sent, "leader", faults);
    let leads = || {
        Condition::all().add(ExprTrait::eq(SimpleExpr::col((item_person::Entity, item_person::Column::Role)), "leader"))
    };
    let mut any = Condition::any();
    if !people.is_empty() {
        let people = people.into_iter().map(|id| PersonId(id).0);
        let among = SimpleExpr::col((item_person::Entity, item_person::Column::PersonId)).is_in(people);
        any = any.add(shown.clone().guard(has(item_person::Entity, leads().add(among))));
    }
    if none {
        any = any.add(shown.clone().absent_or(ExprTrait::not(has(item_person::Entity, leads()))));
    }
    (!any.is_empty()).then_some(any)
}
