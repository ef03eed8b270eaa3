//! An immutable snapshot of the organisation, which [`crate::step`] queries: only `step` learns which nodes it reaches,
//! so it must be able to ask who holds a post wherever it arrives.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, UnitId},
    text::Name,
    value::Value,
};

/// A unit (单位): a department, township, office, or a subordinate unit of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its official name; unique among units in force.
    pub name: String,
    /// Short names and former names, each unique among all names and aliases.
    pub aliases: Vec<String>,
    /// The unit above it.
    pub parent: Option<UnitId>,
    /// Its class (类别), as the organisation's own data names it.
    pub class: String,
    /// Its place in lists, ascending.
    pub order: i64,
    /// Attributes that the organisation form declares for units.
    pub attributes: BTreeMap<Name, Value>,
    /// The first day on which it is in force; none: always has been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day on which it is in force; none: still is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The unit that goes on with its work after that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<UnitId>,
}

impl Unit {
    /// Whether it is in force on `day`.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// The staff number (工号) used to sign in.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The title of office (职务) shown beside the name.
    pub title: String,
    /// Attributes that the organisation form declares for people: a leader's office, liaisons, units in charge of.
    pub attributes: BTreeMap<Name, Value>,
    /// False once the person has left: no new work is assigned.
    pub active: bool,
}

/// That a person holds a post, usually in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Who.
    pub person: PersonId,
    /// Which post, by the organisation form's name.
    pub post: Name,
    /// In which unit; none for posts of the whole district.
    pub unit: Option<UnitId>,
}

/// That somebody does another one's work while he is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Who is away.
    pub person: PersonId,
    /// Who stands in for him.
    pub stand_in: PersonId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A named group of units that a spreadsheet cell may mean by one word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitGroup {
    /// Its name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Its members in list order.
    pub members: Vec<UnitId>,
}

/// The organisation at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Org {
    units: BTreeMap<UnitId, Unit>,
    people: BTreeMap<PersonId, Person>,
    holdings: Vec<Holding>,
    groups: Vec<UnitGroup>,
    /// Casbin roles that each post gives.
    post_roles: BTreeMap<Name, Vec<Name>>,
    holders: BTreeMap<Name, BTreeMap<Option<UnitId>, Vec<PersonId>>>,
    by_person: BTreeMap<PersonId, Vec<usize>>,
    stand_ins: Vec<StandIn>,
}

impl Org {
    /// Builds the snapshot; `post_roles` comes from the organisation form.
    #[must_use]
    pub fn new(
        units: Vec<Unit>,
        people: Vec<Person>,
        holdings: Vec<Holding>,
        groups: Vec<UnitGroup>,
        post_roles: BTreeMap<Name, Vec<Name>>,
    ) -> Self {
        let mut org = Self {
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            groups,
            post_roles,
            ..Self::default()
        };
        for (index, holding) in holdings.iter().enumerate() {
            org.by_person.entry(holding.person).or_default().push(index);
            if org.people.get(&holding.person).is_some_and(|person| person.active) {
                let of_post = org.holders.entry(holding.post.clone()).or_default();
                of_post.entry(holding.unit).or_default().push(holding.person);
            }
        }
        for people in org.holders.values_mut().flat_map(BTreeMap::values_mut) {
            people.sort_unstable();
            people.dedup();
        }
        org.holdings = holdings;
        org
    }

    /// With people who are away and those who stand in for them.
    #[must_use]
    pub fn with_stand_ins(self, stand_ins: Vec<StandIn>) -> Self {
        Self { stand_ins, ..self }
    }

    /// Who is away when, and who stands in for him.
    #[must_use]
    pub fn stand_ins(&self) -> &[StandIn] {
        &self.stand_ins
    }

    /// `people` and whoever stands in for one of them today, sorted, each once. Where a stand-in is away himself, his
    /// own come in as well. Nobody asks for the day where there are no stand-ins at all.
    #[must_use]
    pub fn standing_in(&self, people: Vec<PersonId>, today: impl Fn() -> Date) -> Vec<PersonId> {
        if self.stand_ins.is_empty() {
            return people;
        }
        let day = today();
        let mut found: BTreeSet<PersonId> = people.iter().copied().collect();
        let mut open = people;
        while let Some(person) = open.pop() {
            let away = self.stand_ins.iter().filter(|away| {
                away.person == person
                    && away.from <= day
                    && day <= away.to
                    && self.people.get(&away.stand_in).is_some_and(|person| person.active)
            });
            // Nobody is asked twice, so that a circle ends.
            open.extend(away.map(|away| away.stand_in).filter(|person| found.insert(*person)));
        }
        found.into_iter().collect()
    }

    /// `person` and those for whom he stands in today: the other way round than [`Org::standing_in`].
    #[must_use]
    pub fn stands_for(&self, person: PersonId, today: impl Fn() -> Date) -> BTreeSet<PersonId> {
        let mut found = BTreeSet::from([person]);
        if self.stand_ins.is_empty() {
            return found;
        }
        let day = today();
        let mut open = vec![person];
        while let Some(stand_in) = open.pop() {
            let away = self.stand_ins.iter().filter(|away| {
                away.stand_in == stand_in
                    && away.from <= day
                    && day <= away.to
                    && self.people.get(&stand_in).is_some_and(|person| person.active)
            });
            // Nobody is asked twice, so that a circle ends.
            open.extend(away.map(|away| away.person).filter(|person| found.insert(*person)));
        }
        found
    }

    /// The unit with this id.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The person with this id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// All units, by id.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// All people, by id.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// All groups of units.
    #[must_use]
    pub fn groups(&self) -> &[UnitGroup] {
        &self.groups
    }

    /// The active people who hold `post` in `unit`, by id.
    #[must_use]
    pub fn holders(&self, post: &str, unit: UnitId) -> &[PersonId] {
        self.holders.get(post).and_then(|units| units.get(&Some(unit))).map(Vec::as_slice).unwrap_or_default()
    }

    /// The active people who hold `post` anywhere, by id.
    #[must_use]
    pub fn holders_anywhere(&self, post: &str) -> Vec<PersonId> {
        let units = self.holders.get(post).into_iter().flat_map(BTreeMap::values);
        let people: BTreeSet<PersonId> = units.flatten().copied().collect();
        people.into_iter().collect()
    }

    /// What posts `person` holds, where.
    pub fn holdings_of(&self, person: PersonId) -> impl Iterator<Item = &Holding> {
        self.by_person.get(&person).into_iter().flatten().filter_map(|index| self.holdings.get(*index))
    }

    /// The Casbin roles that `person`'s posts give, sorted, each once.
    #[must_use]
    pub fn roles_of(&self, person: PersonId) -> Vec<Name> {
        let roles: BTreeSet<Name> = self
            .holdings_of(person)
            .filter_map(|holding| self.post_roles.get(&holding.post))
            .flatten()
            .cloned()
            .collect();
        roles.into_iter().collect()
    }

    /// `units` and the units whose work they go on with, by id.
    #[must_use]
    pub fn with_predecessors(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
        let mut found = units.clone();
        loop {
            let before = found.len();
            let more = self.units.values().filter(|unit| unit.successor.is_some_and(|next| found.contains(&next)));
            let more: Vec<UnitId> = more.map(|unit| unit.id).collect();
            found.extend(more);
            if found.len() == before {
                return found;
            }
        }
    }

    /// `unit` and every unit below it, by id.
    #[must_use]
    pub fn with_descendants(&self, unit: UnitId) -> Vec<UnitId> {
        let mut found = BTreeSet::from([unit]);
        loop {
            let more: Vec<UnitId> = self
                .units
                .values()
                .filter(|below| {
                    below.parent.is_some_and(|parent| found.contains(&parent)) && !found.contains(&below.id)
                })
                .map(|below| below.id)
                .collect();
            if more.is_empty() {
                return found.into_iter().collect();
            }
            found.extend(more);
        }
    }
}
