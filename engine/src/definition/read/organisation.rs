//! Reads the organisation form.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    check::{duplicate_name, unknown_field, unknown_post},
    definition::{
        form::FieldKind,
        organisation::{Organisation, Post, Sheet, SheetKind},
        read::{field, world::World},
    },
    diagnostic::Faults,
    text::{Name, Text},
    yaml::read::At,
};

/// The administration duties (三员).
const DUTIES: [(&str, &str); 3] = [("system", "system"), ("security", "security"), ("audit", "audit")];

/// The organisation form called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Organisation> {
    let mut map = root.map(faults)?;
    map.take("organisation");
    map.take("title").map(|at| at.words(faults));
    let mut posts = Vec::new();
    let mut titles = BTreeSet::new();
    for (post, at) in map.need("posts", faults).map(|at| at.named(faults)).unwrap_or_default() {
        if let Some(post) = read_post(post, at, faults) {
            if !titles.insert(post.title.zh.clone()) {
                faults.push(duplicate_name::fault(
                    at.key_place(),
                    ("岗位名称", "title of a post"),
                    &post.title.zh,
                    None,
                ));
            }
            posts.push(post);
        }
    }
    let person_attributes = attributes(map.take("people"), world, faults);
    let unit_attributes = attributes(map.take("units"), world, faults);
    let acting = map.take("acting").and_then(|at| acting(at, &person_attributes, faults));
    let sheets = map.take("workbook").and_then(|at| at.list(faults)).unwrap_or_default();
    map.finish(faults);
    let mut organisation =
        Organisation { name: name.clone(), posts, person_attributes, unit_attributes, acting, sheets: Vec::new() };
    organisation.sheets = sheets.into_iter().filter_map(|at| sheet(at, &organisation, faults)).collect();
    Some(organisation)
}

/// The attribute of people that names who acts in somebody's name: one that holds a person, or several.
fn acting(at: At<'_>, people: &BTreeMap<Name, (Text, FieldKind)>, faults: &mut Faults) -> Option<Name> {
    let name = at.name(faults)?;
    let fits = |kind: &FieldKind| match kind {
        FieldKind::Person => true,
        FieldKind::List(of) => **of == FieldKind::Person,
        _ => false,
    };
    if people.get(&name).is_some_and(|(_, kind)| fits(kind)) {
        return Some(name);
    }
    let known = people.iter().filter(|(_, (_, kind))| fits(kind)).map(|(name, _)| name.as_str());
    faults.push(unknown_field::fault(
        at.place(),
        &name,
        ("人员属性（人员类型的）", "the attributes of people that hold people"),
        known,
    ));
    None
}

fn read_post(name: Name, at: At<'_>, faults: &mut Faults) -> Option<Post> {
    let mut map = at.map(faults)?;
    let title = map.title_or(&name, faults);
    let roles = map.take("roles").map(|at| at.names(faults)).unwrap_or_default();
    let duty = map.take("duty").and_then(|at| at.choice(&DUTIES, faults)).map(Name::from);
    map.finish(faults);
    Some(Post { name, title, roles: roles.into_iter().map(|(role, _)| role).collect(), duty })
}

fn attributes(at: Option<At<'_>>, world: &World, faults: &mut Faults) -> BTreeMap<Name, (Text, FieldKind)> {
    let mut attributes = BTreeMap::new();
    for (name, at) in at.map(|at| at.named(faults)).unwrap_or_default() {
        if let Some(mut map) = at.map(faults) {
            let title = map.title_or(&name, faults);
            let kind = field::kind(&mut map, world, faults);
            map.finish(faults);
            attributes.extend(kind.map(|kind| (name, (title, kind))));
        }
    }
    attributes
}

fn sheet(at: At<'_>, organisation: &Organisation, faults: &mut Faults) -> Option<Sheet> {
    let kinds = [("units", SheetKind::Units), ("people", SheetKind::People), ("groups", SheetKind::Groups)];
    let mut map = at.map(faults)?;
    let name = map.need_name("sheet", faults);
    let of = map.need("of", faults).and_then(|at| at.choice(&kinds, faults));
    let post = map.take("post").and_then(|at| Some((at.name(faults)?, at)));
    let columns = map.need("columns", faults).map(|at| at.named(faults)).unwrap_or_default();
    map.finish(faults);
    if let Some((post, at)) = &post
        && organisation.post(post).is_none()
    {
        faults.push(unknown_post::fault(at.place(), post, organisation.posts.iter().map(|post| post.name.as_str())));
    }
    let of = of?;
    let known: Vec<&str> = match of {
        SheetKind::Units => {
            let own = ["name", "aliases", "class", "parent", "order", "from", "to", "successor"];
            own.into_iter().chain(organisation.unit_attributes.keys().map(Name::as_str)).collect()
        }
        SheetKind::People => {
            let own = ["name", "code", "phone", "unit", "title", "post"];
            own.into_iter().chain(organisation.person_attributes.keys().map(Name::as_str)).collect()
        }
        SheetKind::Groups => vec!["name", "aliases", "members"],
    };
    let mut meanings = BTreeMap::new();
    for (header, at) in columns {
        let Some(meaning) = at.name(faults) else { continue };
        if !known.contains(&meaning.as_str()) {
            faults.push(unknown_field::fault(
                at.place(),
                &meaning,
                ("这种工作表", "such a sheet"),
                known.iter().copied(),
            ));
        }
        meanings.insert(header.to_string(), meaning);
    }
    Some(Sheet { name: name?.0.to_string(), of, columns: meanings, post: post.map(|(post, _)| post) })
}
