//! The truth table of absent values: an atom that reads one is false before `!`.

use docket_engine::value::Value;

use super::facts::{holds, number, units, value};

#[test]
fn an_atom_that_reads_an_absent_value_is_false_before_not() {
    for atom in [
        "item.next_due == today",
        "item.next_due != today",
        "item.next_due < today",
        "item.next_due >= today",
        "today > item.next_due",
        "item.next_due == item.next_due",
        "item.stage in ['a', 'b']",
        "item.stage in []",
        "item.lead_unit in null",
        "item.state in item.source",
        "overlaps(item.source, ['a'])",
        "item.source.contains('a')",
        "item.stage.contains('')",
        "item.stage.starts_with('')",
        "item.closed == true",
        "item.closed == false",
        "item.closed != true",
        "item.next_due - duration('P3D') <= today",
        "item.spent + 1 > 0",
        "lower(item.stage) == 'a'",
    ] {
        assert!(!holds(atom), "{atom}");
        assert!(holds(&format!("!({atom})")), "!({atom})");
    }
}

#[test]
fn only_the_tests_for_absence_see_it() {
    for test in [
        "item.next_due == null",
        "null == item.next_due",
        "!(item.next_due != null)",
        "!has(item.next_due)",
        "item.source == null",
        "item.source == []",
        "!has(item.source)",
        "[] == null",
        "item.spent + 1 == null",
        "item.due != null",
        "has(item.due) && has(item.co_units) && has(item)",
        "item.co_units != null && item.co_units != []",
        "null == null",
        "first(item.source) == null",
        "cycle('长期') == null",
        "min(item.next_due, item.next_due) == null",
    ] {
        assert!(holds(test), "{test}");
        assert!(!holds(&format!("!({test})")), "!({test})");
    }
}

#[test]
fn an_absent_condition_counts_as_false() {
    assert!(!holds("item.closed"));
    assert!(holds("!item.closed"));
    assert!(holds("item.closed || item.urgent"));
    assert!(!holds("item.urgent && item.closed"));
    assert_eq!(value("item.closed ? 1 : 2"), number("2"));
}

#[test]
fn arithmetic_passes_absence_on_and_extremes_pass_over_it() {
    for source in [
        "item.spent + 1",
        "1 - item.spent",
        "-item.spent",
        "item.next_due + duration('P1D')",
        "today - item.next_due",
        "item.title + item.stage",
        "year(item.next_due)",
        "days_between(today, item.next_due)",
        "string(item.spent)",
        "next_on_grid(item.next_due, duration('P7D'), today, null)",
        "distinct(item.source)",
    ] {
        assert_eq!(value(source), Value::Null, "{source}");
    }
    assert_eq!(value("min(item.due, item.next_due)"), value("item.due"));
    assert_eq!(value("max(item.next_due, today, item.due)"), value("item.due"));
    assert_eq!(value("min(today + cycle('长期'), item.due)"), value("item.due"));
}

#[test]
fn lists_leave_absent_elements_out_and_take_absent_lists_for_empty() {
    assert_eq!(value("[item.lead_unit] + null"), units(&[3]));
    assert_eq!(value("item.source + ['a']"), value("['a']"));
    assert_eq!(value("[item.stage, item.state]"), value("['open']"));
    assert_eq!(value("size(item.source)"), number("0"));
}
