//! The people of a scenario: every post in every unit that it names, as `东区·审核员1`, and once outside all units, as
//! `审核员1`.

use std::{collections::BTreeMap, sync::Arc};

use super::{Scenario, values::Raw};
use crate::{
    definition::{
        form::{FieldKind, Form},
        organisation::Post,
        registry::Registry,
    },
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit},
};

/// The units that a scenario names: under `units`, and in its item's and forms' fields.
pub(super) fn units(scenario: &Scenario, registry: &Registry) -> Vec<String> {
    let mut units = scenario.given.units.clone();
    let forms: Vec<&Form> = registry.forms.values().map(AsRef::as_ref).collect();
    collect(&scenario.given.fields, &forms, &mut units);
    for step in &scenario.steps {
        collect(step.act.as_ref().map(|act| act.form.as_slice()).unwrap_or_default(), &forms, &mut units);
    }
    if units.is_empty() {
        units.push("甲单位".to_owned());
    }
    units
}

fn collect(fields: &[(String, Raw)], forms: &[&Form], units: &mut Vec<String>) {
    for (name, raw) in fields {
        let is_unit = |form: &&Form| match form.field(name).map(|field| &field.kind) {
            Some(FieldKind::Unit) => true,
            Some(FieldKind::List(kind)) => **kind == FieldKind::Unit,
            _ => false,
        };
        if forms.iter().any(is_unit) {
            for unit in raw.each().into_iter().filter(|raw| !raw.is_nothing()).filter_map(Raw::text) {
                if !units.iter().any(|there| there == unit) {
                    units.push(unit.to_owned());
                }
            }
        }
    }
}

/// The organisation: one person for each post, or as many as `posts` says, by `审核员` or `东区·审核员`.
pub(super) fn org(registry: &Registry, units: &[String], posts: &[(String, usize)]) -> Arc<Org> {
    let all: Vec<&Post> = registry
        .organisation
        .iter()
        .flat_map(|organisation| &organisation.posts)
        .filter(|post| post.duty.is_none())
        .collect();
    let mut people = Vec::new();
    let mut holdings = Vec::new();
    let places = std::iter::once(None).chain(units.iter().zip(1..).map(Some));
    for (place, unit) in (0..).zip(places) {
        let before = unit.map_or_else(String::new, |(name, _)| format!("{name}·"));
        for (number, post) in (0..).zip(&all) {
            let title = &post.title.zh;
            let called = |name: &str| name == format!("{before}{title}") || name == format!("{before}{}", post.name);
            let anywhere = |name: &str| name == title || post.name == *name;
            let exact = posts.iter().rev().find(|(name, _)| called(name));
            let count = exact.or_else(|| posts.iter().rev().find(|(name, _)| anywhere(name)));
            for of in 1..=count.map_or(1, |(_, count)| *count) {
                // The same person keeps the id when a step changes how many there are.
                let id = PersonId(i64::try_from(of).unwrap_or_default() + 10 * (i64::from(number) + 100 * place));
                people.push(Person {
                    id,
                    code: id.to_string(),
                    name: format!("{before}{title}{of}"),
                    title: title.clone(),
                    attributes: BTreeMap::new(),
                    active: true,
                });
                let unit = unit.map(|(_, id)| UnitId(id));
                holdings.push(Holding { person: id, post: post.name.clone(), unit });
            }
        }
    }
    let units = units.iter().zip(1..).map(|(name, id)| Unit {
        id: UnitId(id),
        name: name.clone(),
        aliases: Vec::new(),
        parent: None,
        class: String::new(),
        order: id,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    });
    let roles = all.iter().map(|post| (post.name.clone(), post.roles.clone())).collect();
    Arc::new(Org::new(units.collect(), people, holdings, Vec::new(), roles))
}

/// The people whom `by` may mean: one by name, or all holders of a post, `东区·审核员` or `审核员`.
pub(super) fn called(by: &str, registry: &Registry, org: &Org) -> Vec<PersonId> {
    if let Some(person) = org.people().find(|person| person.name == by) {
        return vec![person.id];
    }
    let posts = registry.organisation.iter().flat_map(|organisation| &organisation.posts);
    let (unit, post) = by.rsplit_once('·').map_or((None, by), |(unit, post)| (Some(unit), post));
    let Some(post) = posts.into_iter().find(|found| found.title.zh == post || found.name == *post) else {
        return Vec::new();
    };
    match unit {
        None => org.holders_anywhere(&post.name),
        Some(unit) => {
            let unit = org.units().find(|found| found.name == unit);
            unit.map(|unit| org.holders(&post.name, unit.id).to_vec()).unwrap_or_default()
        }
    }
}
