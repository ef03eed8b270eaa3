//! Reads what may be done with a task beside completing it, and who may not: `allow`, `fallback`, `not_by`, `skip`, `withdraw`.

use super::{acts, dictionary, expression, workflow::Reader, world::Found};
use crate::{
    check::{bad_skip, bad_withdrawal},
    definition::workflow::{Assign, NotBy, Operation, Outcome, Requirement, Withdraw},
    diagnostic::Faults,
    text::Name,
    value::Span,
    yaml::read::{At, Map},
};

/// What a task can allow.
const OPERATIONS: [(&str, Operation); 6] = [
    ("transfer", Operation::Transfer),
    ("delegate", Operation::Delegate),
    ("add-signer", Operation::AddSigner),
    ("remove-signer", Operation::RemoveSigner),
    ("return", Operation::Return),
    ("copy", Operation::Copy),
];

/// The longest time in which a completion can be taken back, in days.
const LONGEST: i32 = 30;

/// `allow: [transfer, …]`, each once.
pub(crate) fn allow(map: &mut Map<'_>, faults: &mut Faults) -> Vec<Operation> {
    let listed = map.take("allow").map(At::one_or_many).unwrap_or_default();
    let mut found: Vec<Operation> = listed.into_iter().filter_map(|at| at.choice(&OPERATIONS, faults)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `fallback: ASSIGN`, or a list that is tried in order.
pub(crate) fn fallback(map: &mut Map<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Assign> {
    let listed = map.take("fallback").map(At::one_or_many).unwrap_or_default();
    listed.into_iter().filter_map(|at| acts::assign(at, &reader.facts, reader, faults)).collect()
}

/// `not_by: creator`, `starter`, a node of this workflow, or several of these; each once.
pub(crate) fn not_by(map: &mut Map<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Vec<NotBy> {
    let listed = map.take("not_by").map(At::one_or_many).unwrap_or_default();
    let mut found: Vec<NotBy> = listed.into_iter().filter_map(|at| reader.not_by(at, faults)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `withdraw: {within, when}`; none where it is not there, or at fault.
pub(crate) fn withdraw(map: &mut Map<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<Withdraw> {
    let mut map = map.take("withdraw")?.map(faults)?;
    let at = map.need("within", faults);
    let within = at.and_then(|at| dictionary::span(at, true, faults));
    let when = map.take("when").map(|at| expression::condition(at, &reader.facts, faults));
    map.finish(faults);
    if let (Some(at), Some(within)) = (at, within)
        && within > Span::of_days(LONGEST)
    {
        faults.push(bad_withdrawal::too_long(at.place(), at.scalar().map_or("", |scalar| &scalar.text), LONGEST));
        return None;
    }
    Some(Withdraw { within: within?, when: when.map_or(Some(None), |when| when.map(Some))? })
}

/// `skip: OUTCOME`: one that leads on and needs nothing that only a person can give.
pub(crate) fn skip(
    map: &mut Map<'_>,
    outcomes: &[Outcome],
    form: Option<&Name>,
    reader: &Reader<'_>,
    faults: &mut Faults,
) -> Option<Name> {
    let at = map.take("skip")?;
    let name = at.name(faults)?;
    let Some(outcome) = outcomes.iter().find(|outcome| outcome.name == name) else {
        faults.push(bad_skip::unknown(at.place(), &name, outcomes.iter().map(|outcome| outcome.name.as_str())));
        return None;
    };
    let required = form.and_then(|form| match reader.world.own_form(form) {
        Found::Whole(form) => form.fields.iter().find(|field| field.required).map(|field| field.name.clone()),
        Found::Broken | Found::Missing => None,
    });
    if let Some(each) = map.at.get("each") {
        faults.push(bad_skip::of_group(each.key_place()));
    } else if outcome.is_return {
        faults.push(bad_skip::back(at.place(), &name));
    } else if outcome.requires.contains(&Requirement::Comment) {
        faults.push(bad_skip::comment(at.place(), &name));
    } else if let (Some(field), Some(form)) = (required, form) {
        faults.push(bad_skip::form(at.place(), form, &field));
    } else {
        return Some(name);
    }
    None
}
