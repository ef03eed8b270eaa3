//! Reads a stage: its repeating child, what happens when that ends, and its offers.

use std::collections::BTreeMap;

use super::{
    acts, expression, group, node, task,
    workflow::{Reader, Ways},
    world::Found,
};
use crate::{
    check::{
        missing_key, pause_without_resume, set_read_only, set_unknown_field, set_wrong_type, timer_never,
        unhandled_result,
    },
    definition::workflow::{Act, CallItem, Every, Offer, OfferCall, Stage, StageEach},
    diagnostic::Faults,
    expr::Type,
    text::Name,
    yaml::read::{At, Map},
};

/// The stage whose keys are in `map`.
pub(crate) fn read(map: &mut Map<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Stage> {
    let every_at = map.take("every");
    let every = every_at.map(|at| every(at, reader, faults));
    let each_at = map.take("each");
    let each = each_at.map(|at| each(at, reader, faults));
    let mut begun = Vec::new();
    begun.extend(every_at.and_then(|at| Begun::of(at, true, every.as_ref()?.as_ref().map(|every| &every.item))));
    begun.extend(each_at.and_then(|at| Begun::of(at, true, each.as_ref()?.as_ref().map(|each| &each.item))));
    let mut offers = Vec::new();
    let mut pausing = None;
    let mut resuming = false;
    for (name, at) in map.take("offers").map(|at| at.named(faults)).unwrap_or_default() {
        if let Some(pause) = at.get("pause") {
            resuming |= pause.is("false");
            if pause.is("true") {
                pausing = pausing.or(Some((name.clone(), pause)));
            }
        }
        let offer = offer(name, at, reader, ways, faults);
        let item = offer.as_ref().and_then(|offer| offer.call.as_ref()).map(|call| call.item.clone());
        begun.extend(Begun::of(at, false, item.as_ref()));
        offers.extend(offer);
    }
    let on_done = on_done(map, &begun, reader, faults);
    if let Some((name, at)) = pausing
        && !resuming
    {
        faults.push(pause_without_resume::fault(at.place(), &name));
    }
    let every = every.map_or(Some(None), |every| every.map(Some));
    let each = each.map_or(Some(None), |each| each.map(Some));
    Some(Stage { every: every?, each: each?, on_done, offers })
}

/// A workflow that a stage begins, as it is written.
#[derive(Debug, Clone)]
struct Begun<'a> {
    workflow: Name,
    /// Where it is named.
    at: At<'a>,
    item: Option<CallItem>,
    /// Whether `on_done` must say what follows each of its results.
    handled: bool,
}

impl<'a> Begun<'a> {
    /// What `call` names below `at`.
    fn of(at: At<'a>, handled: bool, item: Option<&CallItem>) -> Option<Self> {
        let call = at.get("call")?;
        let workflow = Name::from(call.scalar()?.text.as_str());
        Some(Self { workflow, at: call, item: item.cloned(), handled })
    }
}

/// A child for each element: `{unit | person | text, order, list, call, item}`.
fn each(at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<StageEach> {
    let mut map = at.map(faults)?;
    let each = group::elements(&mut map, reader, faults);
    let call = map.need("call", faults).and_then(|at| node::called(at, reader, faults));
    let scope = group::with_element(each.as_ref(), reader);
    let item = map.take("item").map_or(Some(CallItem::Same), |at| node::call_item(at, &scope, reader, faults));
    map.finish(faults);
    Some(StageEach { each: each?, call: call?, item: item? })
}

/// The workflow that an offer begins, and which results of it lead out of the stage.
fn offered(
    call: At<'_>,
    (item, then): (Option<At<'_>>, Option<At<'_>>),
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Option<OfferCall> {
    let workflow = node::called(call, reader, faults);
    let item = item.map_or(Some(CallItem::Same), |at| node::call_item(at, &reader.facts, reader, faults));
    let mut results = BTreeMap::new();
    for (result, at) in then.map(|at| at.named(faults)).unwrap_or_default() {
        if let Some(workflow) = &workflow {
            node::check_result(workflow, &result, at, reader, faults);
        }
        results.extend(reader.target(at, ways, faults).map(|to| (result, to)));
    }
    Some(OfferCall { workflow: workflow?, item: item?, then: results })
}

fn every(at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<Every> {
    let mut map = at.map(faults)?;
    let moment_at = map.need("at", faults);
    let moment = moment_at.and_then(|at| expression::moment(at, &reader.facts, faults));
    if let (Some(moment), Some(at)) = (&moment, moment_at) {
        timer_never::check(moment, at, reader, faults);
    }
    let call = map.need("call", faults).and_then(|at| node::called(at, reader, faults));
    let item = map.take("item").map_or(Some(CallItem::Same), |at| node::call_item(at, &reader.facts, reader, faults));
    map.finish(faults);
    Some(Every { at: moment?, call: call?, item: item? })
}

/// `on_done: {WORKFLOW: {RESULT: acts}}`.
fn on_done(
    map: &mut Map<'_>,
    begun: &[Begun<'_>],
    reader: &Reader<'_>,
    faults: &mut Faults,
) -> BTreeMap<(Name, Name), Vec<Act>> {
    let mut done = BTreeMap::new();
    let at = map.take("on_done");
    let mut handled = Vec::new();
    for (workflow, at) in at.map(|at| at.named(faults)).unwrap_or_default() {
        let Some(found) = begun.iter().find(|begun| begun.workflow == workflow) else {
            let known = begun.iter().map(|begun| begun.workflow.as_str());
            faults.push(unhandled_result::not_called(at.key_place(), &workflow, known));
            continue;
        };
        let scope = node::with_child(found.item.as_ref(), reader);
        let results = at.named(faults);
        let given: Vec<Name> = results.iter().map(|(result, _)| result.clone()).collect();
        if begun.iter().any(|begun| begun.workflow == workflow && begun.handled) {
            node::missing_results(&workflow, &given, at, reader, faults);
        }
        for (result, at) in results {
            node::check_result(&workflow, &result, at, reader, faults);
            let acts = acts::acts(at, &scope, reader, faults);
            done.insert((workflow.clone(), result), acts);
        }
        handled.push(workflow);
    }
    for begun in begun.iter().filter(|begun| begun.handled && !handled.contains(&begun.workflow)) {
        node::missing_results(&begun.workflow, &[], begun.at, reader, faults);
    }
    done
}

fn offer(name: Name, at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Offer> {
    let mut map = at.map(faults)?;
    let words = map.language_keys(faults);
    let title = task::title_of(&name, words, at, faults);
    let who = map.need("who", faults).and_then(|at| acts::assign(at, &reader.facts, reader, faults));
    let when = map.take("when").map(|at| expression::condition(at, &reader.facts, faults));
    let form = map.take("form").and_then(|at| reader.form(at, faults));
    let requires = task::requirements(&mut map, faults);
    let own = form
        .as_ref()
        .map_or_else(|| reader.facts.clone(), |form| reader.facts.clone().with("form", node::form_type(form, reader)));
    let set = map.take("set");
    let set_form = set.is_some_and(|at| at.is("form"));
    let mut done = Vec::new();
    match set {
        Some(at) if set_form => check_set_form(at, form.as_ref(), reader, faults),
        Some(at) => done.extend(acts::sets(at, &own, reader, faults)),
        None => {}
    }
    done.extend(map.take("do").map(|at| acts::acts(at, &own, reader, faults)).unwrap_or_default());
    let pause = map.take("pause").and_then(|at| at.bool(faults));
    let (call, item, then) = (map.take("call"), map.take("item"), map.take("then"));
    for at in [item, then].into_iter().flatten().filter(|_| call.is_none()) {
        faults.push(missing_key::fault(at.key_place(), "call"));
    }
    let call = call.map(|call| offered(call, (item, then), reader, ways, faults));
    let keep = map.take("keep");
    let to = map.take("to").map(|at| reader.target(at, ways, faults));
    if let (Some(at), None) = (keep, to.as_ref()) {
        faults.push(missing_key::fault(at.key_place(), "to"));
    }
    let keep = keep.and_then(|at| at.choice(&[("children", true)], faults)).unwrap_or(false);
    map.finish(faults);
    let when = when.map_or(Some(None), |when| when.map(Some));
    let to = to.map_or(Some(None), |to| to.map(Some));
    Some(Offer {
        name,
        title,
        who: who?,
        when: when?,
        form,
        requires,
        acts: done,
        set_form,
        pause,
        call: call.map_or(Some(None), |call| call.map(Some))?,
        to: to?,
        keep,
    })
}

/// `set: form`: every field of the form must be one of the item's, of the same type, and one that a person can fill in.
fn check_set_form(at: At<'_>, form: Option<&Name>, reader: &Reader<'_>, faults: &mut Faults) {
    let Some(form) = form else {
        if at.key.is_some() {
            faults.push(set_unknown_field::no_form(at.place()));
        }
        return;
    };
    let Found::Whole(form) = reader.world.own_form(form) else { return };
    for field in &form.fields {
        if field.read_only {
            faults.push(set_read_only::fault(at.place(), &form.name, &field.name));
            continue;
        }
        let Some(fields) = &reader.fields else { continue };
        match fields.get(&field.name) {
            None => {
                let known = fields.keys().map(Name::as_str);
                faults.push(set_unknown_field::of_form(at.place(), &form.name, &field.name, known));
            }
            Some(kind) => {
                let (to, from) = (Type::of_field(kind), Type::of_field(&field.kind));
                if !to.accepts(&from) {
                    faults.push(set_wrong_type::fault(at.place(), &form.name, &field.name, &from.title(), &to.title()));
                }
            }
        }
    }
}
