//! Which rows of a workbook say something new.

use std::collections::BTreeSet;

use docket_engine::{
    id::{PersonId, UnitId},
    org::{Holding, Org},
    text::Name,
};

use super::{Plan, Planned, Row, Verdict};

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// A unit.
    Unit(UnitId),
    /// A person, who may stand in several rows.
    Person(PersonId),
    /// A group of units.
    Group(String),
    /// Nothing that could be told.
    Nothing,
}

/// Rows that say what is there already are unchanged.
pub(super) fn verdicts(rows: &mut [Row], about: &[About], plan: &Plan, org: &Org) {
    let same_units: BTreeSet<UnitId> =
        plan.units.iter().filter(|unit| org.unit(unit.id) == Some(*unit)).map(|unit| unit.id).collect();
    let same_people: BTreeSet<PersonId> =
        plan.people.iter().filter(|planned| is_same(planned, org)).map(|planned| planned.person.id).collect();
    let same_groups: BTreeSet<&str> = plan
        .groups
        .iter()
        .filter(|group| org.groups().iter().any(|there| there == *group))
        .map(|group| group.name.as_str())
        .collect();
    for (row, about) in rows.iter_mut().zip(about).filter(|(row, _)| row.verdict == Verdict::Changed) {
        let same = match about {
            About::Unit(unit) => same_units.contains(unit),
            About::Person(person) => same_people.contains(person),
            About::Group(name) => same_groups.contains(name.as_str()),
            About::Nothing => false,
        };
        if same {
            row.verdict = Verdict::Unchanged;
        }
    }
}

fn is_same(planned: &Planned, org: &Org) -> bool {
    fn places<'a>(holdings: impl Iterator<Item = &'a Holding>) -> BTreeSet<(&'a Name, Option<UnitId>)> {
        holdings.map(|holding| (&holding.post, holding.unit)).collect()
    }
    let person = &planned.person;
    org.person(person.id) == Some(person) && places(planned.holdings.iter()) == places(org.holdings_of(person.id))
}
