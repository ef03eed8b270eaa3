//! What policies know of a person.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    id::{PersonId, UnitId},
    org::Org,
    text::Name,
    value::Value,
};

/// The role that everybody signed in has.
pub const ANYONE: &str = "anyone";

/// A person as `subject` in conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Who: `subject.person`.
    pub person: PersonId,
    /// Casbin roles, `anyone` among them: `subject.roles`.
    pub roles: Vec<Name>,
    facts: BTreeMap<Name, Value>,
}

impl Subject {
    /// The person `person` of `org`.
    #[must_use]
    pub fn of(org: &Org, person: PersonId) -> Self {
        let holdings: Vec<_> = org.holdings_of(person).collect();
        let own: BTreeSet<UnitId> = holdings.iter().filter_map(|holding| holding.unit).collect();
        let units = own.iter().flat_map(|unit| org.with_descendants(*unit)).collect();
        // What a unit was before a reorganisation stays readable for the one that goes on with its work.
        let units = org.with_predecessors(&units);
        let posts: BTreeSet<Name> = holdings.iter().map(|holding| holding.post.clone()).collect();
        let mut roles: BTreeSet<Name> = org.roles_of(person).into_iter().collect();
        roles.insert(ANYONE.into());
        // The person's own attributes first: a built-in fact is never hidden by one of the same name.
        let mut facts = org.person(person).map(|person| person.attributes.clone()).unwrap_or_default();
        let list = |units: &BTreeSet<UnitId>| Value::List(units.iter().copied().map(Value::Unit).collect());
        let texts =
            |names: &BTreeSet<Name>| Value::List(names.iter().map(|name| Value::Text(name.to_string())).collect());
        facts.insert("person".into(), Value::Person(person));
        facts.insert("units".into(), list(&units));
        facts.insert("own_units".into(), list(&own));
        facts.insert("posts".into(), texts(&posts));
        facts.insert("roles".into(), texts(&roles));
        Self { person, roles: roles.into_iter().collect(), facts }
    }

    /// The fact `subject.<path>`; absent where there is none.
    #[must_use]
    pub fn get(&self, path: &[Name]) -> Value {
        let Some((first, rest)) = path.split_first() else {
            return Value::Record(self.facts.clone());
        };
        self.facts.get(first).map_or(Value::Null, |value| value.at(rest).clone())
    }
}

#[cfg(test)]
mod tests {
    use docket_engine::org::{Holding, Person, Unit};

    use super::*;

    fn unit(id: i64, parent: Option<i64>) -> Unit {
        Unit {
            id: UnitId(id),
            name: format!("单位{id}"),
            aliases: Vec::new(),
            parent: parent.map(UnitId),
            class: "部门".into(),
            order: id,
            attributes: BTreeMap::new(),
            from: None,
            to: None,
            successor: None,
        }
    }

    #[test]
    fn units_are_ones_own_and_those_below_and_everybody_is_anyone() {
        let person = Person {
            id: PersonId(7),
            code: "0007".into(),
            name: "甲".into(),
            title: String::new(),
            attributes: BTreeMap::from([
                ("units".into(), Value::Text("x".into())),
                ("rank".into(), Value::Number(3.into())),
            ]),
            active: true,
        };
        let holding = Holding { person: PersonId(7), post: "head".into(), unit: Some(UnitId(1)) };
        let roles = BTreeMap::from([("head".into(), vec!["member".into()])]);
        let org = Org::new(
            vec![unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, None)],
            vec![person],
            vec![holding],
            Vec::new(),
            roles,
        );
        let subject = Subject::of(&org, PersonId(7));
        assert_eq!(subject.roles, ["anyone", "member"].map(Name::from));
        let units = |ids: &[i64]| Value::List(ids.iter().map(|id| Value::Unit(UnitId(*id))).collect());
        assert_eq!(subject.get(&["units".into()]), units(&[1, 2, 3]));
        assert_eq!(subject.get(&["own_units".into()]), units(&[1]));
        assert_eq!(subject.get(&["rank".into()]), Value::Number(3.into()));
        assert_eq!(subject.get(&["nothing".into()]), Value::Null);
    }
}
