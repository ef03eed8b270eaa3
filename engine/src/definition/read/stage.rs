//! Reads a stage: its repeating child, what happens when that ends, and its offers.

use std::collections::BTreeMap;

use super::{
    acts, expression, node, task,
    workflow::{Reader, Ways},
    world::Found,
};
use crate::{
    check::{pause_without_resume, set_read_only, set_unknown_field, set_wrong_type, unhandled_result},
    definition::workflow::{Act, CallItem, Every, Offer, Stage},
    diagnostic::Faults,
    expr::Type,
    text::Name,
    yaml::read::{At, Map},
};

/// The stage whose keys are in `map`.
pub(crate) fn read(map: &mut Map<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Stage> {
    let every_at = map.take("every");
    let every = every_at.map(|at| every(at, reader, faults));
    let called =
        every_at.and_then(|at| at.get("call")).and_then(At::scalar).map(|scalar| Name::from(scalar.text.as_str()));
    let on_done = on_done(map, called.as_ref(), every.as_ref().and_then(Option::as_ref), every_at, reader, faults);
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
        offers.extend(offer(name, at, reader, ways, faults));
    }
    if let Some((name, at)) = pausing
        && !resuming
    {
        faults.push(pause_without_resume::fault(at.place(), &name));
    }
    Some(Stage { every: every.map_or(Some(None), |every| every.map(Some))?, each: None, on_done, offers })
}

fn every(at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<Every> {
    let mut map = at.map(faults)?;
    let moment = map.need("at", faults).and_then(|at| expression::moment(at, &reader.facts, faults));
    let call = map.need("call", faults).and_then(|at| node::called(at, reader, faults));
    let item = map.take("item").map_or(Some(CallItem::Same), |at| node::call_item(at, reader, faults));
    map.finish(faults);
    Some(Every { at: moment?, call: call?, item: item? })
}

/// `on_done: {WORKFLOW: {RESULT: acts}}`.
fn on_done(
    map: &mut Map<'_>,
    called: Option<&Name>,
    every: Option<&Every>,
    every_at: Option<At<'_>>,
    reader: &Reader<'_>,
    faults: &mut Faults,
) -> BTreeMap<(Name, Name), Vec<Act>> {
    let mut done = BTreeMap::new();
    let at = map.take("on_done");
    let scope = node::with_child(every.map(|every| &every.item), reader);
    let mut handled = false;
    for (workflow, at) in at.map(|at| at.named(faults)).unwrap_or_default() {
        if called != Some(&workflow) {
            faults.push(unhandled_result::not_called(at.key_place(), &workflow, called.map(Name::as_str)));
            continue;
        }
        handled = true;
        let results = at.named(faults);
        let given: Vec<Name> = results.iter().map(|(result, _)| result.clone()).collect();
        node::missing_results(&workflow, &given, at, reader, faults);
        for (result, at) in results {
            node::check_result(&workflow, &result, at, reader, faults);
            let acts = acts::acts(at, &scope, reader, faults);
            done.insert((workflow.clone(), result), acts);
        }
    }
    if let (false, Some(every), Some(at)) = (handled, every, every_at) {
        node::missing_results(&every.call, &[], at.get("call").unwrap_or(at), reader, faults);
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
    let to = map.take("to").map(|at| reader.target(at, ways, faults));
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
        call: None,
        to: to?,
        keep: false,
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
