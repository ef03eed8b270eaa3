//! Units, groups and people by what spreadsheets call them.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    id::{PersonId, UnitId},
    org::{Org, Person, Unit, UnitGroup},
};

use super::{fold::name_key, nearest::nearest};

/// The organisation by names.
#[derive(Debug)]
pub struct Directory<'a> {
    org: &'a Org,
    units: BTreeMap<String, BTreeSet<UnitId>>,
    groups: BTreeMap<String, &'a UnitGroup>,
    people: BTreeMap<String, BTreeSet<PersonId>>,
    longest: usize,
}

/// What a name of units means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named<'a> {
    /// One unit.
    Unit(UnitId),
    /// A group of units.
    Group(&'a UnitGroup),
    /// Several units have this name.
    Several(Vec<UnitId>),
}

impl<'a> Directory<'a> {
    /// The directory of `org`.
    #[must_use]
    pub fn new(org: &'a Org) -> Self {
        let mut units: BTreeMap<String, BTreeSet<UnitId>> = BTreeMap::new();
        for unit in org.units() {
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                units.entry(name_key(name)).or_default().insert(unit.id);
            }
        }
        let mut groups = BTreeMap::new();
        for group in org.groups() {
            for name in std::iter::once(&group.name).chain(&group.aliases) {
                groups.insert(name_key(name), group);
            }
        }
        let mut people: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
        for person in org.people().filter(|person| person.active) {
            people.entry(name_key(&person.name)).or_default().insert(person.id);
        }
        let longest = units.keys().chain(groups.keys()).map(|name| name.chars().count()).max().unwrap_or(0);
        Self { org, units, groups, people, longest }
    }

    /// The most characters that a name of a unit or group has.
    #[must_use]
    pub const fn longest(&self) -> usize {
        self.longest
    }

    /// What `name` means as a unit or group. An official name comes before an alias, a unit before a group.
    #[must_use]
    pub fn units_named(&self, name: &str) -> Option<Named<'a>> {
        let key = name_key(name);
        if let Some(found) = self.units.get(&key) {
            let official = found.iter().find(|id| self.org.unit(**id).is_some_and(|unit| name_key(&unit.name) == key));
            return match (official, found.len(), found.first()) {
                (Some(id), ..) | (None, 1, Some(id)) => Some(Named::Unit(*id)),
                _ => Some(Named::Several(found.iter().copied().collect())),
            };
        }
        self.groups.get(&key).copied().map(Named::Group)
    }

    /// The units below `unit` that `word` names: by name, alias, or the name without the upper unit's.
    #[must_use]
    pub fn below(&self, unit: UnitId, word: &str) -> Vec<UnitId> {
        let word = name_key(word);
        let mut exact = Vec::new();
        let mut ending = Vec::new();
        for below in self.org.with_descendants(unit).into_iter().filter(|below| *below != unit) {
            let Some(candidate) = self.org.unit(below) else { continue };
            let names: Vec<String> = names_of(candidate).map(name_key).collect();
            let above = self.org.unit(unit).into_iter().flat_map(names_of).map(name_key);
            if names.contains(&word) || above.into_iter().any(|upper| names.contains(&format!("{upper}{word}"))) {
                exact.push(below);
            } else if word.chars().count() > 1 && names.iter().any(|name| name.ends_with(&word)) {
                ending.push(below);
            }
        }
        if exact.is_empty() { ending } else { exact }
    }

    /// The active people called `name`.
    #[must_use]
    pub fn people_named(&self, name: &str) -> Vec<&'a Person> {
        let ids = self.people.get(&name_key(name)).into_iter().flatten();
        ids.filter_map(|id| self.org.person(*id)).collect()
    }

    /// Whether `person` is the one that `word` tells apart: by staff number, unit or title of office.
    #[must_use]
    pub fn is_told_by(&self, person: &Person, word: &str) -> bool {
        let key = name_key(word);
        if name_key(&person.code) == key || name_key(&person.title) == key {
            return true;
        }
        let Some(Named::Unit(unit)) = self.units_named(word) else { return false };
        self.org.holdings_of(person.id).any(|holding| holding.unit == Some(unit))
    }

    /// Names of units and groups that are spelt alike.
    #[must_use]
    pub fn units_like(&self, name: &str) -> Vec<&'a str> {
        let units = self.org.units().flat_map(names_of);
        let groups = self.org.groups().iter().map(|group| group.name.as_str());
        nearest(name, units.chain(groups))
    }

    /// Names of people that are spelt alike.
    #[must_use]
    pub fn people_like(&self, name: &str) -> Vec<&'a str> {
        nearest(name, self.org.people().filter(|person| person.active).map(|person| person.name.as_str()))
    }

    /// The unit's official name.
    #[must_use]
    pub fn unit_name(&self, unit: UnitId) -> &'a str {
        self.org.unit(unit).map_or("", |unit| &unit.name)
    }

    /// The person's name.
    #[must_use]
    pub fn person_name(&self, person: PersonId) -> &'a str {
        self.org.person(person).map_or("", |person| &person.name)
    }
}

fn names_of(unit: &Unit) -> impl Iterator<Item = &str> {
    std::iter::once(unit.name.as_str()).chain(unit.aliases.iter().map(String::as_str))
}
