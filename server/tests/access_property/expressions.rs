//! Random conditions of the subset, as an administrator would write them.

use proptest::{prelude::*, sample::select, strategy::Union};

/// A scalar or a list, as text.
type Part = BoxedStrategy<String>;

fn one_of(all: Vec<Part>) -> Part {
    Union::new(all).boxed()
}

fn words(all: &'static [&'static str]) -> Part {
    select(all).prop_map(str::to_owned).boxed()
}

fn texts() -> Part {
    words(&[
        "'open'",
        "'done'",
        "'Z'",
        "'a'",
        "'é'",
        "'中'",
        "'重点'",
        "'文'",
        "'\u{e000}'",
        "'𠀀'",
        "'e\u{301}'",
        "'_'",
        "'%'",
        "'一'",
        "''",
        "item.module",
        "item.kind",
        "item.state",
        "item.stage",
        "item.title",
        "item.cycle",
        "subject.office_name",
    ])
}

fn dates() -> Part {
    let plain = words(&[
        "today",
        "item.due",
        "item.next_due",
        "item.suspended_on",
        "subject.since",
        "date('2026-11-27')",
        "add_workdays(today, 2)",
        "end_of_month(today)",
        "end_of_quarter(today)",
        "add_months(today, 1)",
        "add_months(today, -1)",
        "date('2028-02-29')",
    ]);
    let moved = (plain.clone(), select(vec!["+", "-"]), 0..5_i32)
        .prop_map(|(date, sign, days)| format!("{date} {sign} duration('P{days}D')"));
    let led = (plain.clone(), 0..5_i32).prop_map(|(date, days)| format!("duration('P{days}D') + {date}"));
    one_of(vec![plain.clone(), plain, moved.boxed(), led.boxed()])
}

fn numbers() -> Part {
    words(&[
        "item.year",
        "2025",
        "2026",
        "2026.5",
        "2026.0",
        "2025.9999999999999999999999",
        "-1",
        "99999999999999999999",
        "subject.level",
    ])
}

fn units() -> Part {
    words(&["item.lead_unit", "subject.office"])
}

fn people() -> Part {
    words(&["item.created_by", "subject.person"])
}

/// Lists of facts, and scalars in brackets.
fn list(facts: &'static [&'static str], scalars: Part) -> Part {
    let brackets = prop::collection::vec(scalars, 0..4).prop_map(|all| format!("[{}]", all.join(", ")));
    one_of(vec![words(facts), words(facts), brackets.boxed()])
}

fn unit_lists() -> Part {
    list(&["item.units", "item.co_units", "subject.units", "subject.own_units", "subject.offices"], units())
}

fn people_lists() -> Part {
    list(&["item.leader", "item.participants"], people())
}

fn text_lists() -> Part {
    list(&["item.source", "item.category", "subject.posts", "subject.roles"], texts())
}

/// Scalars and lists of one type.
fn families() -> Vec<(Part, Part)> {
    vec![(texts(), text_lists()), (units(), unit_lists()), (people(), people_lists())]
}

fn atoms() -> Part {
    let mut all = vec![words(&["true", "false", "subject.vip", "subject.vip == true", "subject.vip != null"])];
    for scalars in [texts(), dates(), numbers()] {
        let signs = select(vec!["==", "!=", "<", "<=", ">", ">="]);
        let compared = (scalars.clone(), signs, scalars.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}"));
        all.push(compared.boxed());
        all.push(tested(scalars));
    }
    for (scalars, lists) in families() {
        let equal = (scalars.clone(), select(vec!["==", "!="]), scalars.clone());
        all.push(equal.prop_map(|(a, sign, b)| format!("{a} {sign} {b}")).boxed());
        let member = (scalars.clone(), lists.clone());
        all.push(member.clone().prop_map(|(x, list)| format!("{x} in {list}")).boxed());
        all.push(member.prop_map(|(x, list)| format!("contains({list}, {x})")).boxed());
        all.push((lists.clone(), lists.clone()).prop_map(|(a, b)| format!("overlaps({a}, {b})")).boxed());
        all.push(tested(one_of(vec![scalars, lists])));
    }
    let inside = (texts(), select(vec!["contains", "starts_with"]), texts());
    all.push(inside.prop_map(|(text, function, part)| format!("{function}({text}, {part})")).boxed());
    let dates_listed = (dates(), prop::collection::vec(dates(), 0..4));
    all.push(dates_listed.prop_map(|(x, all)| format!("{x} in [{}]", all.join(", "))).boxed());
    let numbers_listed = (numbers(), prop::collection::vec(numbers(), 0..4));
    all.push(numbers_listed.prop_map(|(x, all)| format!("{x} in [{}]", all.join(", "))).boxed());
    one_of(all)
}

/// Whether there is a value.
fn tested(parts: Part) -> Part {
    (parts, select(vec!["has", "==", "!=", "null"]))
        .prop_map(|(part, test)| match test {
            "has" => format!("has({part})"),
            "null" => format!("null == {part}"),
            sign => format!("{part} {sign} null"),
        })
        .boxed()
}

/// Atoms joined by `&&`, `||` and `!`.
pub(crate) fn conditions() -> Part {
    atoms()
        .prop_recursive(4, 12, 2, |inner| {
            let joined = (inner.clone(), select(vec!["&&", "||"]), inner.clone());
            prop_oneof![
                joined.prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
                inner.prop_map(|a| format!("!({a})")),
            ]
        })
        .boxed()
}
