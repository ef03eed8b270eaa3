//! A group, or a rule of one, that is not written as it must be.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-group",
    "会签、或签、票签用 `each` 写明成员；每个结果用 `when` 写明何时以它结束：`any`（一人选即成）、`all`（全部）、`lead`（牵头单位）、人数、百分比、`rest`（其余情形，至多一个），或关于 `votes` 的条件。没有 `each` 的任务，结果何时出现用 `if` 写。",
    "A group names its members by `each`, and each outcome says by `when` when the group ends with it: `any`, `all`, `lead`, a number, a per cent, `rest` (one at most), or a condition over `votes`. In a task without `each`, `if` says when an outcome is offered.",
)
.explained(
    "会签的写法不对",
    "A group that is written wrongly",
    Frame::Task,
    "outcomes: {submit: {when: all, to: {end: accepted}}}",
    "outcomes: {submit: {if: today > item.parent.next_due, to: {end: accepted}}, approve: {end: accepted}}",
);

pub(crate) fn not_a_group(place: Place) -> Diagnostic {
    RULE.at(
        place,
        "`when` 是会签的规则，但这个任务没有 `each`",
        "`when` is a rule of a group, and this task has no `each`",
    )
    .help("何时出现这个结果，请写 `if: 条件`", "to say when the outcome is offered, write `if: CONDITION`")
}

pub(crate) fn stay_alone(place: Place) -> Diagnostic {
    RULE.at(place, "只有会签（`each`）的结果可以写 `rest: stay`", "only an outcome of a group (`each`) can have `rest: stay`")
        .help("请删去它，或为任务写 `each`", "remove it, or give the task `each`")
}

pub(crate) fn two_rests(place: Place, first: &str) -> Diagnostic {
    RULE.at(place, format!("`rest` 只能写一次，`{first}` 已经是了"), format!("`rest` can stand once only, and `{first}` has it"))
        .help("请为这一项写另外的规则", "give this one another rule")
}

pub(crate) fn percent(place: Place, text: &str) -> Diagnostic {
    RULE.at(place, format!("百分比 `{text}` 应在 1% 到 100% 之间，为整数"), format!("the per cent `{text}` must be a whole one from 1% to 100%"))
        .help("请写如 `60%`；全部同意写 `all`", "write `60%`, for instance; for everybody write `all`")
}

pub(crate) fn count(place: Place, text: &str) -> Diagnostic {
    RULE.at(place, format!("人数 `{text}` 应在 1 到 1000 之间"), format!("the number `{text}` must lie between 1 and 1000"))
        .help("请写如 `2`；一人即可写 `any`", "write `2`, for instance; for one write `any`")
}

pub(crate) fn word<'a>(place: Place, word: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有 `{word}` 这样的规则"), format!("there is no rule `{word}`"));
    match suggest::help(word, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn no_lead(place: Place) -> Diagnostic {
    RULE.at(
        place,
        "`lead` 要看成员属于哪个单位，但 `each` 没有写 `unit`",
        "`lead` asks for a member's unit, but `each` has no `unit`",
    )
    .help("请在 `each` 里写 `unit`，或用 `all`、人数、百分比", "give `each` a `unit`, or use `all`, a number or a per cent")
}

pub(crate) fn no_unit(place: Place) -> Diagnostic {
    RULE.at(place, "`per: unit` 要同时写 `post` 和 `unit`", "`per: unit` needs `post` and `unit` beside it")
        .help("请写 `each: {post: …, unit: …, per: unit}`", "write `each: {post: …, unit: …, per: unit}`")
}

pub(crate) fn taken_name(place: Place, name: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("`votes.{name}` 已有固定含义，结果不能叫 `{name}`"),
        format!("`votes.{name}` has a meaning of its own, so no outcome can be called `{name}`"),
    )
    .help("请换一个名字", "take another name")
}

pub(crate) fn no_elements(place: Place) -> Diagnostic {
    RULE.at(place, "`each` 没有写明元素", "`each` names no elements")
        .help("请写 `unit`、`person` 或 `text`，如 `each: {unit: item.co_units}`", "write `unit`, `person` or `text`: `each: {unit: item.co_units}`")
}

pub(crate) fn no_rule(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("没有写明何时以 `{name}` 结束"), format!("it is not said when the group ends with `{name}`"))
        .help(
            format!("请写 `{name}: {{when: all, to: 目标}}`，或其他规则"),
            format!("write `{name}: {{when: all, to: TARGET}}`, or another rule"),
        )
}
