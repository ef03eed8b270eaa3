//! Reads a person's task and its outcomes.

use super::{
    acts, delay, expression, operations,
    workflow::{Reader, Ways},
};
use crate::{
    check::{no_outcome, no_title, not_a_return},
    definition::workflow::{Goto, Outcome, Requirement, Task},
    diagnostic::Faults,
    text::{Name, Text},
    yaml::read::{At, Map},
};

/// The usual names of outcomes and offers, with the texts of their buttons.
const USUAL: [(&str, &str, &str); 16] = [
    ("submit", "提交", "Submit"),
    ("approve", "同意", "Approve"),
    ("return", "退回", "Return"),
    ("reject", "不同意", "Reject"),
    ("refuse", "拒签", "Refuse to sign"),
    ("forward", "转办", "Forward"),
    ("accept", "签收", "Sign for"),
    ("close", "办结", "Close"),
    ("finish", "办结", "Close"),
    ("suspend", "中止", "Suspend"),
    ("resume", "恢复", "Resume"),
    ("edit", "修改", "Edit"),
    ("urge", "催办", "Urge"),
    ("withdraw", "撤回", "Withdraw"),
    ("cancel", "取消", "Cancel"),
    ("discard", "作废", "Discard"),
];

/// What an outcome or an offer can demand.
const REQUIREMENTS: [(&str, Requirement); 1] = [("comment", Requirement::Comment)];

/// The task whose keys are in `map`.
pub(crate) fn read(
    name: &Name,
    map: &mut Map<'_>,
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Option<Task> {
    let assign = map.need("assign", faults).and_then(|at| acts::assign(at, &reader.facts, reader, faults));
    let form = map.take("form").and_then(|at| reader.form(at, faults));
    let due = map.take("due").and_then(|at| delay::due(at, &reader.facts, faults));
    let mut outcomes = Vec::new();
    let written = map.take("outcomes").map(|at| at.named(faults)).unwrap_or_default();
    if written.is_empty() {
        ways.gap();
        faults.push(no_outcome::fault(map.at.key_place(), name));
    }
    for (name, at) in written {
        outcomes.extend(outcome(name, at, reader, ways, faults));
    }
    let skip_same = operations::skip(map, &outcomes, form.as_ref(), reader, faults);
    let fallback = operations::fallback(map, reader, faults);
    let allow = operations::allow(map, faults);
    let withdraw = operations::withdraw(map, reader, faults);
    Some(Task { assign: assign?, group: None, form, due, outcomes, fallback, skip_same, allow, withdraw })
}

/// `name: target`, or `name: {zh, en, to, when, requires, return}`.
fn outcome(name: Name, at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Outcome> {
    let usual_return = name == "return";
    let bare = !at.is_map() || (at.get("end").is_some() && at.named_silently().len() == 1);
    if bare {
        let title = title_of(&name, None, at, faults);
        let to = reader.goto(at, ways, faults);
        check_return(&name, at, to.as_ref(), usual_return, faults);
        return Some(Outcome {
            name,
            title,
            to: to?,
            requires: Vec::new(),
            when: None,
            rule: None,
            stay: false,
            is_return: usual_return,
            straight: false,
        });
    }
    let mut map = at.map(faults)?;
    let words = map.language_keys(faults);
    let title = title_of(&name, words, at, faults);
    let to_at = map.need("to", faults);
    if to_at.is_none() {
        ways.gap();
    }
    let to = to_at.and_then(|at| reader.goto(at, ways, faults));
    let when = map.take("if").map(|at| expression::condition(at, &reader.facts, faults));
    let requires = requirements(&mut map, faults);
    let is_return = map.take("return").and_then(|at| at.bool(faults)).unwrap_or(usual_return);
    let straight_at = map.take("straight");
    let straight = straight_at.and_then(|at| at.bool(faults)).unwrap_or(false);
    if let (true, false, Some(at)) = (straight, is_return, straight_at) {
        faults.push(not_a_return::fault(at.key_place(), &name));
    }
    check_return(&name, to_at.unwrap_or(at), to.as_ref(), is_return, faults);
    map.finish(faults);
    let when = when.map_or(Some(None), |when| when.map(Some));
    Some(Outcome {
        name,
        title,
        to: to?,
        requires,
        when: when?,
        rule: None,
        stay: false,
        is_return,
        straight: straight && is_return,
    })
}

/// Only a return leads back to a task that the run alone can tell.
fn check_return(name: &Name, at: At<'_>, to: Option<&Goto>, is_return: bool, faults: &mut Faults) {
    if !is_return && matches!(to, Some(Goto::Previous | Goto::Starter)) {
        faults.push(not_a_return::fault(at.place(), name));
    }
}

/// What must be given beside the form.
pub(crate) fn requirements(map: &mut Map<'_>, faults: &mut Faults) -> Vec<Requirement> {
    let listed = map.take("requires").map(At::one_or_many).unwrap_or_default();
    listed.into_iter().filter_map(|at| at.choice(&REQUIREMENTS, faults)).collect()
}

/// The button's text: as written, or that of a usual name.
pub(crate) fn title_of(name: &Name, words: Option<Text>, at: At<'_>, faults: &mut Faults) -> Text {
    if let Some(words) = words {
        return words;
    }
    if let Some((_, zh, en)) = USUAL.iter().find(|(usual, ..)| *name == **usual) {
        return Text::new(*zh, *en);
    }
    faults.push(no_title::fault(at.key_place(), name));
    Text::same(name.as_str())
}
