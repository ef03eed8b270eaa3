//! Reads scenarios: their keys, and the names of kinds, nodes and fields in them.

use crate::{
    check::{missing_key, unknown_field, unknown_kind, unknown_node, unknown_word},
    definition::{form::Form, registry::Registry, workflow::NodeKind},
    diagnostic::Faults,
    source::Place,
    text::Name,
    yaml::read::{At, Map},
};

use super::{
    Act, Away, Given, Scenario, Step, What,
    expect::TASK_KEYS,
    operations::OPERATIONS,
    outside::{asking, messages},
    values::Raw,
};

/// Reads the scenarios of one document: `scenario: TITLE` with its keys, or a list below `scenarios:`.
pub(crate) fn read(root: At<'_>, registry: &Registry, faults: &mut Faults) -> Vec<Scenario> {
    if root.get("scenarios").is_none() {
        return scenario(root, registry, faults).into_iter().collect();
    }
    let Some(mut map) = root.map(faults) else { return Vec::new() };
    let all = map.take("scenarios").and_then(|at| at.list(faults)).unwrap_or_default();
    map.finish(faults);
    all.into_iter().filter_map(|at| scenario(at, registry, faults)).collect()
}

fn scenario(at: At<'_>, registry: &Registry, faults: &mut Faults) -> Option<Scenario> {
    let mut map = at.map(faults)?;
    let place = map.at.place();
    let title = map.need("scenario", faults).and_then(|at| at.text(faults)).map(str::to_owned);
    let module = map.need_name("module", faults).map(|(name, _)| name);
    let found = module.as_ref().and_then(|module| registry.module(module)).map(|module| module.name.clone());
    let given = map.need("given", faults).and_then(|at| given(at, found.as_ref(), registry, faults));
    let steps = map.need("steps", faults).and_then(|at| at.list(faults)).unwrap_or_default();
    let form = found.as_ref().zip(given.as_ref()).and_then(|(module, given)| registry.form_of(module, &given.kind));
    let steps = steps.into_iter().filter_map(|at| step(at, form.map(AsRef::as_ref), registry, faults)).collect();
    map.finish(faults);
    Some(Scenario { title: title?, place, module: module?, given: given?, steps })
}

fn given(at: At<'_>, module: Option<&Name>, registry: &Registry, faults: &mut Faults) -> Option<Given> {
    let mut map = at.map(faults)?;
    let item = map.need("item", faults);
    let at = text(&mut map, "at", faults);
    let by = text(&mut map, "by", faults);
    let units = map.take("units").map(|at| at.names(faults)).unwrap_or_default();
    let units = units.into_iter().map(|(name, _)| name.to_string()).collect();
    let posts = posts(&mut map, faults);
    let away = away(&mut map, faults);
    let enter = map.take("enter").and_then(|at| at.name(faults));
    map.finish(faults);
    let item = item?;
    let Some(kind_at) = item.get("kind") else {
        faults.push(missing_key::fault(item.place(), "kind"));
        return None;
    };
    let kind = kind_at.name(faults)?;
    let found = registry.module(module?)?;
    if found.kind(&kind).is_none() {
        let known = found.kinds.iter().map(|kind| kind.name.as_str());
        faults.push(unknown_kind::fault(kind_at.place(), &kind, known));
        return None;
    }
    let mut fields = fields(item, registry.form_of(&found.name, &kind).map(AsRef::as_ref), &["kind"], faults);
    fields.retain(|(name, _)| name != "kind");
    Some(Given { kind, fields, at, by, enter, units, posts, away })
}

/// The values of a map by field; those that `form` does not have are faults, but for the names in `also`.
fn fields(at: At<'_>, form: Option<&Form>, also: &[&str], faults: &mut Faults) -> Vec<(String, Raw)> {
    let mut all = Vec::new();
    for (name, at) in at.named(faults) {
        if let Some(form) = form
            && form.field(&name).is_none()
            && !also.contains(&name.as_str())
        {
            let known = form.fields.iter().map(|field| field.name.as_str());
            let of = (format!("表单 `{}` ", form.name), format!("the form `{}`", form.name));
            faults.push(unknown_field::fault(at.key_place(), &name, (&of.0, &of.1), known));
        }
        all.push((name.to_string(), Raw::of(at.tree)));
    }
    all
}

fn text(map: &mut Map<'_>, key: &'static str, faults: &mut Faults) -> Option<String> {
    map.take(key).and_then(|at| at.text(faults)).map(str::to_owned)
}

fn posts(map: &mut Map<'_>, faults: &mut Faults) -> Vec<(String, usize)> {
    let all = map.take("posts").map(|at| at.named(faults)).unwrap_or_default();
    all.into_iter()
        .filter_map(|(name, at)| {
            Some((name.to_string(), usize::try_from(at.integer(faults)?).unwrap_or_default().min(9)))
        })
        .collect()
}

fn step(at: At<'_>, form: Option<&Form>, registry: &Registry, faults: &mut Faults) -> Option<Step> {
    let line = at.place().start().line;
    let mut map = at.map(faults)?;
    let after = text(&mut map, "after", faults);
    let on = text(&mut map, "on", faults);
    let posts = posts(&mut map, faults);
    let away = away(&mut map, faults);
    let act = map.take("do").map(|at| act(at, form, registry, faults));
    let refused = text(&mut map, "refused", faults);
    let expect = map.take("expect").map(|at| expect(at, registry, faults)).unwrap_or_default();
    map.finish(faults);
    let act = act.map_or(Some(None), |act| act.map(Some));
    Some(Step { line, after, on, posts, away, act: act?, refused, expect })
}

fn act(at: At<'_>, form: Option<&Form>, registry: &Registry, faults: &mut Faults) -> Option<Act> {
    let mut map = at.map(faults)?;
    let task = map.take("task").map(|at| (at, What::Task as fn(String) -> What));
    let claim = map.take("claim").map(|at| (at, What::Claim as fn(String) -> What));
    let release = map.take("release").map(|at| (at, What::Release as fn(String) -> What));
    let offer = map.take("offer");
    let message = map.take("message");
    let answer = map.take("answer");
    let edit = map.take("edit");
    let operation = OPERATIONS.iter().find_map(|(key, operation)| Some((map.take(key)?, *operation)));
    let mut filled = Vec::new();
    if message.is_some() || answer.is_some() {
        let found = outside(message, answer, &mut map, registry, faults);
        let by = text(&mut map, "by", faults);
        map.finish(faults);
        let (what, form) = found?;
        return Some(Act { what, by, outcome: None, form, comment: None, to: Vec::new(), straight: false, how: None });
    }
    let what = match (task.or(claim).or(release), offer, edit) {
        (None, None, None) if operation.is_some() => {
            let (at, operation) = operation?;
            let name = at.name(faults)?;
            check_any_node(at, &name, registry, faults);
            What::Operation(operation, name.to_string())
        }
        (Some((at, what)), _, _) => {
            let name = at.name(faults)?;
            check_node(at, &name, registry, faults);
            what(name.to_string())
        }
        (None, Some(at), _) => What::Offer(at.text(faults)?.to_owned()),
        (None, None, Some(at)) => {
            filled = fields(at, form, &[], faults);
            What::Edit
        }
        (None, None, None) => {
            faults.push(missing_key::fault(at.place(), "task"));
            return None;
        }
    };
    let by = text(&mut map, "by", faults);
    let outcome = text(&mut map, "outcome", faults);
    if let Some(at) = map.take("form") {
        filled = fields(at, None, &[], faults);
    }
    let comment = text(&mut map, "comment", faults);
    let to = map.take("to").map(|at| at.names(faults)).unwrap_or_default();
    let to = to.into_iter().map(|(name, _)| name.to_string()).collect();
    let straight = map.take("straight").and_then(|at| at.bool(faults)).unwrap_or(false);
    let how = text(&mut map, "how", faults);
    map.finish(faults);
    Some(Act { what, by, outcome, form: filled, comment, to, straight, how })
}

/// Who is away: `{person, stand_in, from, to}`, one or several.
fn away(map: &mut Map<'_>, faults: &mut Faults) -> Vec<Away> {
    let listed = map.take("away").map(At::one_or_many).unwrap_or_default();
    let read = |at: At<'_>| {
        let mut map = at.map(faults)?;
        let mut text = |key: &'static str| map.need(key, faults).and_then(|at| at.text(faults)).map(str::to_owned);
        let (person, stand_in, from, to) = (text("person"), text("stand_in"), text("from"), text("to"));
        map.finish(faults);
        Some(Away { person: person?, stand_in: stand_in?, from: from?, to: to? })
    };
    listed.into_iter().filter_map(read).collect()
}

fn check_any_node(at: At<'_>, name: &Name, registry: &Registry, faults: &mut Faults) {
    let known = || registry.workflows.values().flat_map(|bound| bound.workflow.nodes.keys());
    if !known().any(|node| node == name) {
        faults.push(unknown_node::fault(at.place(), name, known().map(Name::as_str)));
    }
}

/// What comes from outside: a message with `key` and `data`, or an answer with `form` or `fails`.
fn outside(
    message: Option<At<'_>>,
    answer: Option<At<'_>>,
    map: &mut Map<'_>,
    registry: &Registry,
    faults: &mut Faults,
) -> Option<(What, Vec<(String, Raw)>)> {
    let data = |key: &'static str, map: &mut Map<'_>, faults: &mut Faults| {
        map.take(key).map(|at| fields(at, None, &[], faults)).unwrap_or_default()
    };
    match (message, answer) {
        (Some(at), _) => {
            let key = text(map, "key", faults);
            let data = data("data", map, faults);
            let name = at.name(faults);
            let known = messages(registry);
            if let Some(name) = name.as_ref().filter(|name| !known.contains(*name)) {
                faults.push(unknown_word::fault(at.place(), name, known.iter().map(Name::as_str)));
            }
            Some((What::Message(name?.to_string(), key), data))
        }
        (None, Some(at)) => {
            let fails = text(map, "fails", faults);
            let data = data("form", map, faults);
            let name = at.name(faults);
            let known = asking(registry);
            if let Some(name) = name.as_ref().filter(|name| !known.contains(*name)) {
                faults.push(unknown_node::fault(at.place(), name, known.iter().map(Name::as_str)));
            }
            Some((What::Answer(name?.to_string(), fails), data))
        }
        (None, None) => None,
    }
}

fn check_node(at: At<'_>, name: &Name, registry: &Registry, faults: &mut Faults) {
    check_node_at(at.place(), name, registry, faults);
}

fn check_node_at(place: Place, name: &Name, registry: &Registry, faults: &mut Faults) {
    let all = || registry.workflows.values().flat_map(|bound| bound.workflow.nodes.values());
    let tasks = || all().filter(|node| matches!(node.kind, NodeKind::Task(_))).map(|node| node.name.as_str());
    if !tasks().any(|known| name == known) {
        faults.push(unknown_node::fault(place, name, tasks()));
    }
}

/// What can be looked at.
const LOOKS: [&str; 9] = ["tasks", "incidents", "light", "state", "stage", "item", "offers", "notices", "children"];

fn expect(at: At<'_>, registry: &Registry, faults: &mut Faults) -> Vec<(String, Raw)> {
    let Some(mut map) = at.map(faults) else { return Vec::new() };
    let mut all = Vec::new();
    for key in LOOKS {
        let Some(at) = map.take(key) else { continue };
        let counts = at.is_map() && !at.named_silently().iter().any(|(key, _)| TASK_KEYS.contains(&key.as_str()));
        if key == "tasks" && counts {
            for (name, at) in at.named(faults) {
                at.integer(faults);
                check_node_at(at.key_place(), &name, registry, faults);
            }
        } else if key == "tasks" {
            for at in at.one_or_many() {
                let node = if at.is_map() { at.get("node") } else { Some(at) };
                if let Some((at, name)) = node.and_then(|at| Some((at, at.name(faults)?))) {
                    check_node(at, &name, registry, faults);
                }
            }
        }
        all.push((key.to_owned(), Raw::of(at.tree)));
    }
    map.finish(faults);
    all
}
