//! Reads one node: which kind it is, and the kinds that the platform runs by itself.

use super::{
    acts, branches, events, expression, group, stage, task,
    workflow::{Reader, Ways},
    world::KindFacts,
};
use crate::{
    check::{
        choose_without_else, not_a_node, set_unknown_field, timer_never, unhandled_result, unknown_kind,
        unknown_workflow, wrong_parent,
    },
    definition::{
        read::{
            scope::{self, Scope},
            world::Found,
        },
        workflow::{Action, Call, CallItem, CallResult, Choose, Each, End, Ending, Node, NodeKind, Trigger, Wait},
    },
    diagnostic::Faults,
    expr::{Expr, Type},
    text::{Name, Text},
    yaml::read::{At, Map},
};

/// The keys that say what a node is.
const KINDS: [&str; 10] = ["task", "action", "choose", "any", "fork", "join", "wait", "call", "stage", "end"];

/// The node called `name` behind `at`.
pub(crate) fn read(name: &Name, at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Node> {
    let mut map = at.map(faults)?;
    let present: Vec<(&str, At<'_>)> = KINDS.iter().filter_map(|kind| Some((*kind, at.get(kind)?))).collect();
    let Some((first, kind_at)) = present.first().copied() else {
        let keys: Vec<Name> = at.named_silently().into_iter().map(|(name, _)| name).collect();
        let keys: Vec<&str> = keys.iter().map(Name::as_str).collect();
        faults.push(not_a_node::none(at.key_place(), name, &keys, &KINDS));
        return None;
    };
    if let Some((second, at)) = present.get(1) {
        faults.push(not_a_node::several(at.key_place(), name, second, first));
        return None;
    }
    let title = match first {
        "task" | "stage" => map.take(first_key(first)).and_then(|at| at.words(faults)),
        _ => map.take("title").and_then(|at| at.words(faults)),
    };
    map.take(first_key(first));
    let kind = match first {
        "task" => task::read(name, &mut map, reader, ways, faults).map(NodeKind::Task),
        "action" => action(kind_at, &mut map, reader, ways, faults).map(NodeKind::Action),
        "choose" => choose(name, kind_at, reader, ways, faults).map(NodeKind::Choose),
        "any" => choose(name, kind_at, reader, ways, faults).map(NodeKind::Any),
        "fork" => branches::fork(kind_at, reader, ways, faults).map(NodeKind::Fork),
        "join" => branches::join(kind_at, &mut map, reader, ways, faults).map(NodeKind::Join),
        "wait" => wait(kind_at, &mut map, reader, ways, faults).map(NodeKind::Wait),
        "call" => call(kind_at, &mut map, reader, ways, faults).map(NodeKind::Call),
        "stage" => stage::read(&mut map, reader, ways, faults).map(NodeKind::Stage),
        _ => end(kind_at, &mut map, reader, faults).map(NodeKind::End),
    };
    let boundary = match &kind {
        Some(kind) if stays_open(kind) => {
            let task = matches!(kind, NodeKind::Task(_));
            let tasks = task || matches!(kind, NodeKind::Stage(_) | NodeKind::Call(_));
            let around = events::Around { node: name, place: at, calls: kind.calls(), task, tasks };
            events::boundaries(map.take("on"), &around, reader, ways, faults)
        }
        Some(_) => Vec::new(),
        None => {
            map.take("on");
            ways.gap();
            Vec::new()
        }
    };
    // Work is done there, or in what it calls.
    let lock = match first {
        "task" | "stage" | "call" | "action" => map.take("lock").and_then(|at| at.name(faults)),
        _ => None,
    };
    map.finish(faults);
    let title = title.unwrap_or_else(|| Text::same(name.as_str()));
    Some(Node { name: name.clone(), title, stage: reader.stage_of(name), kind: kind?, boundary, lock })
}

/// Whether a path stays at such a node for a while, so that something can happen there.
fn stays_open(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Task(_)
        | NodeKind::Stage(_)
        | NodeKind::Call(_)
        | NodeKind::Wait(_)
        | NodeKind::Any(_)
        | NodeKind::Fork(_) => true,
        NodeKind::Action(action) => action.http().is_some(),
        NodeKind::Choose(_) | NodeKind::Join(_) | NodeKind::End(_) => false,
    }
}

/// The constant that equals `kind`.
fn first_key(kind: &str) -> &'static str {
    KINDS.into_iter().find(|known| *known == kind).unwrap_or("task")
}

fn action(at: At<'_>, map: &mut Map<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Action> {
    let acts = acts::of_action(at, &reader.facts, reader, faults);
    let next = reader.need_target(map, "next", ways, faults);
    Some(Action { acts, next: next? })
}

fn choose(name: &Name, at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Choose> {
    let mut branches = Vec::new();
    let mut otherwise = None;
    let mut has_else = false;
    for at in at.list(faults)? {
        let Some(mut map) = at.map(faults) else { continue };
        if has_else {
            faults.push(choose_without_else::not_last(at.place()));
        }
        if let Some(to) = map.take("else") {
            has_else = true;
            otherwise = reader.target(to, ways, faults);
        } else {
            let when = map.need("when", faults).and_then(|at| expression::condition(at, &reader.facts, faults));
            let to = reader.need_target(&mut map, "to", ways, faults);
            branches.extend(when.zip(to));
        }
        map.finish(faults);
    }
    if !has_else {
        faults.push(choose_without_else::missing(at.key_place(), name));
    }
    Some(Choose { branches, otherwise: otherwise? })
}

fn end(at: At<'_>, map: &mut Map<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<End> {
    let result = at.name(faults);
    let mut done = map.take("set").map(|at| acts::sets(at, &reader.facts, reader, faults)).unwrap_or_default();
    done.extend(map.take("do").map(|at| acts::acts(at, &reader.facts, reader, faults)).unwrap_or_default());
    let how = map.take("how").and_then(|at| at.choice(&ENDINGS, faults)).unwrap_or(Ending::Normal);
    Some(End { result: result?, how, acts: done })
}

/// What an end can end.
const ENDINGS: [(&str, Ending); 3] = [("normal", Ending::Normal), ("cancel", Ending::Cancel), ("error", Ending::Error)];

fn wait(at: At<'_>, map: &mut Map<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Wait> {
    let mut inner = at.map(faults)?;
    let until = events::trigger(at, &mut inner, false, &reader.facts, faults);
    if let (Some(Trigger::At(expr)), Some(at)) = (&until, inner.take("at")) {
        timer_never::check(expr, at, reader, faults);
    }
    inner.finish(faults);
    let form = map.take("form").and_then(|at| reader.form(at, faults));
    let next = reader.need_target(map, "next", ways, faults);
    Some(Wait { until: until?, form, next: next? })
}

fn call(at: At<'_>, map: &mut Map<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Call> {
    let workflow = called(at, reader, faults);
    let each_at = map.take("each");
    let each = each_at.map(|at| each_of(at, reader, ways, faults));
    let list = each.as_ref().and_then(Option::as_ref);
    let scope = group::with_element(list, reader);
    let item = map.take("item").map_or(Some(CallItem::Same), |at| call_item(at, &scope, reader, faults));
    let versions = [("pinned", true), ("latest", false)];
    let pinned = map.take("version").and_then(|at| at.choice(&versions, faults)).unwrap_or(false);
    let then = map.need("then", faults)?;
    let written = then.named(faults);
    let given: Vec<Name> = written.iter().map(|(result, _)| result.clone()).collect();
    let votes = group::with_votes(&given, reader);
    let (mut results, mut rules) = (Vec::new(), group::Written::new());
    for (result, at) in written {
        if let Some(workflow) = &workflow {
            check_result(workflow, &result, at, reader, faults);
        }
        let (to, rule) = if each_at.is_some() {
            let (to, found) = group::result(at, &result, &votes, (reader, ways), faults);
            rules.push(found.clone());
            (to, found.2)
        } else {
            (reader.target(at, ways, faults), None)
        };
        results.extend(to.map(|to| CallResult { result, to, rule }));
    }
    if let (Some(each_at), Some(list)) = (each_at, list) {
        let units = matches!(list.list.ty(), Type::Unit | Type::Any) || *list.list.ty() == Type::list(Type::Unit);
        group::check_rules(each_at, &rules, units, faults);
    }
    let workflow = workflow?;
    missing_results(&workflow, &given, then, reader, faults);
    Some(Call { workflow, item: item?, each: each.map_or(Some(None), |each| each.map(Some))?, pinned, results })
}

/// The elements of a call, and what follows where there are none.
fn each_of(at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Each> {
    let mut map = at.map(faults)?;
    let each = group::elements(&mut map, reader, faults);
    let empty = map.take("empty").map(|at| reader.target(at, ways, faults));
    map.finish(faults);
    Some(Each { empty: empty.map_or(Some(None), |empty| empty.map(Some))?, ..each? })
}

/// The workflow that a call names.
pub(crate) fn called(at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<Name> {
    let name = at.name(faults)?;
    if reader.world.workflows.contains_key(&name) {
        return Some(name);
    }
    faults.push(unknown_workflow::fault(at.place(), &name, reader.world.workflows.keys().map(Name::as_str)));
    None
}

/// Reports a result that the workflow can not have.
pub(crate) fn check_result(workflow: &Name, result: &Name, at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    if let Some(outline) = reader.world.workflows.get(workflow)
        && outline.whole
        && !outline.results.is_empty()
        && !outline.results.contains(result)
    {
        let known = outline.results.iter().map(Name::as_str);
        faults.push(unhandled_result::impossible(at.key_place(), workflow, result, known));
    }
}

/// Reports the results of the workflow that are not in `given`.
pub(crate) fn missing_results(workflow: &Name, given: &[Name], at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    let outline = reader.world.workflows.get(workflow).filter(|outline| outline.whole);
    for result in outline.into_iter().flat_map(|outline| &outline.results).filter(|result| !given.contains(result)) {
        faults.push(unhandled_result::missing(at.key_place(), workflow, result));
    }
}

/// On which item a called workflow runs: `same`, or `{new: KIND, set: …}`.
pub(crate) fn call_item(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<CallItem> {
    if !at.is_map() {
        return at.choice(&[("same", CallItem::Same)], faults);
    }
    let mut map = at.map(faults)?;
    let kind = map.need_name("new", faults);
    let set = map.take("set");
    map.finish(faults);
    let (kind, kind_at) = kind?;
    let new = new_kinds(&kind, kind_at, reader, faults);
    let fields = (!new.is_empty()).then(|| scope::fields(&new, &[], reader.world)).flatten();
    let mut values = Vec::new();
    for (field, at) in set.map(|at| at.named(faults)).unwrap_or_default() {
        let known = fields.as_ref().map(|fields| fields.get(&field));
        if let (Some(None), Some(fields)) = (known, &fields) {
            let names = fields.keys().map(Name::as_str);
            faults.push(set_unknown_field::fault(at.key_place(), &field, names));
        }
        let expected = known.flatten().map_or(Type::Any, Type::of_field);
        let value: Option<Expr> = expression::read(at, scope, &expected, faults);
        if let (Some(value), Some(kind)) = (&value, known.flatten()) {
            acts::constant_fits(value, kind, at, reader, faults);
        }
        values.extend(value.map(|value| (field, value)));
    }
    Some(CallItem::New { kind, set: values })
}

/// The kinds called `name` in the modules of the kinds that run the workflow; each lies below its caller.
fn new_kinds<'a>(name: &Name, at: At<'_>, reader: &'a Reader<'_>, faults: &mut Faults) -> Vec<&'a KindFacts> {
    let mut found = Vec::new();
    for caller in &reader.kinds {
        match reader.world.kind(&caller.module, name) {
            Some(kind) => {
                if kind.parent.as_ref() != Some(&caller.name) {
                    faults.push(wrong_parent::fault(at.place(), name, kind.parent.as_ref(), &caller.name));
                }
                found.push(kind);
            }
            None if reader.world.kinds_whole => {
                let known = reader.world.kinds.iter().filter(|kind| kind.module == caller.module);
                faults.push(unknown_kind::fault(at.place(), name, known.map(|kind| kind.name.as_str())));
            }
            None => {}
        }
    }
    found
}

/// The facts of acts after a child has ended: with `child`, its item.
pub(crate) fn with_child(item: Option<&CallItem>, reader: &Reader<'_>) -> Scope {
    let child = match item {
        Some(CallItem::New { kind, .. }) => {
            let kinds: Vec<&KindFacts> =
                reader.kinds.iter().filter_map(|caller| reader.world.kind(&caller.module, kind)).collect();
            scope::item(&kinds, &[], reader.world)
        }
        Some(CallItem::Same) => reader.facts.get("item"),
        None => Type::Any,
    };
    reader.facts.clone().with("child", child)
}

/// The fields of a form as the type of `form`.
pub(crate) fn form_type(form: &Name, reader: &Reader<'_>) -> Type {
    match reader.world.own_form(form) {
        Found::Whole(form) => scope::of_form(form).into(),
        Found::Broken | Found::Missing => Type::Any,
    }
}
