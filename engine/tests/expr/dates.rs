//! Dates, instants and durations.

use docket_engine::value::Value;
use jiff::civil::{Date, date};

use super::facts::{failure, holds, number, value};

fn day(year: i16, month: i8, day: i8) -> Value {
    Value::Date(date(year, month, day))
}

#[test]
fn dates_move_by_natural_days() {
    for (source, gives) in [
        ("date('2026-01-31') + duration('P1D')", day(2026, 2, 1)),
        ("date('2028-02-28') + duration('P1D')", day(2028, 2, 29)),
        ("date('2027-02-28') + duration('P1D')", day(2027, 3, 1)),
        ("date('2028-03-01') - duration('P1D')", day(2028, 2, 29)),
        ("date('2026-12-31') + duration('P1W')", day(2027, 1, 7)),
        ("duration('P1D') + date('2026-12-31')", day(2027, 1, 1)),
        ("today + cycle(item.cycle)", day(2026, 12, 2)),
        ("date('2026-03-01') + -duration('P1D')", day(2026, 2, 28)),
        ("date(now)", day(2026, 11, 25)),
        ("date(time('2026-11-25T16:30:00Z'))", day(2026, 11, 26)),
        ("date(time(today))", day(2026, 11, 25)),
    ] {
        assert_eq!(value(source), gives, "{source}");
    }
}

#[test]
fn spans_are_what_lies_between() {
    assert!(holds("item.due - today == duration('P36D')"));
    assert!(holds("duration('P1W') == duration('P7D') && duration('P1D') < duration('PT25H')"));
    assert!(holds("duration('P1D') + duration('PT12H') > duration('PT35H')"));
    assert!(holds("time('2026-11-25T10:00:00+08:00') - now == duration('PT30M')"));
    assert!(holds("now + duration('P1DT30M') == time('2026-11-26T10:00:00+08:00')"));
    assert_eq!(value("days_between(today, date('2026-11-20'))"), number("-5"));
    assert_eq!(value("days_between(date('2028-02-01'), date('2028-03-01'))"), number("29"));
    assert_eq!(value("year(item.due)"), number("2026"));
}

#[test]
fn the_grid_goes_from_its_start_and_stops_at_the_cap() {
    for (start, every, after, cap, gives) in [
        ("2026-01-01", "P7D", "2026-01-01", "null", day(2026, 1, 8)),
        ("2026-01-01", "P7D", "2026-01-07", "null", day(2026, 1, 8)),
        ("2026-01-01", "P7D", "2026-01-08", "null", day(2026, 1, 15)),
        ("2026-01-01", "P7D", "2025-06-01", "null", day(2026, 1, 8)),
        ("2026-01-01", "P7D", "2026-01-08", "date('2026-01-12')", day(2026, 1, 12)),
        ("2026-01-01", "P7D", "2026-01-08", "date('2026-01-15')", day(2026, 1, 15)),
        ("2028-01-30", "P30D", "2028-02-01", "item.next_due", day(2028, 2, 29)),
    ] {
        let source = format!("next_on_grid(date('{start}'), duration('{every}'), date('{after}'), {cap})");
        assert_eq!(value(&source), gives, "{source}");
    }
    assert!(failure("next_on_grid(today, duration('P0D'), today, null)").contains("whole days"));
    assert!(failure("next_on_grid(today, duration('PT5H'), today, null)").contains("`PT5H`"));
    assert_eq!(
        value("next_on_grid(date('9999-12-30'), duration('P7D'), date('9999-12-31'), date('9999-12-31'))"),
        Value::Date(Date::MAX)
    );
}

#[test]
fn what_leaves_its_range_is_an_error_that_names_the_expression() {
    for (source, part) in [
        ("date('9999-12-31') + duration('P1D')", "leaves the range of dates"),
        ("date('0000-01-01') - duration('P2147483647D')", "leaves the range of dates"),
        ("now + duration('P2000000000D')", "leaves the range of dates"),
        ("duration('P2147483647D') + duration('P1D')", "leaves its range"),
        ("1 / (item.budget - 12.5)", "by zero"),
        ("1 % 0", "by zero"),
        ("79228162514264337593543950335 * 2", "leaves the range of numbers"),
        ("free + 1", "cannot take text and a number"),
        ("free < today", "cannot compare text with a date"),
        ("free && true", "expected true or false, found text"),
        ("item.state in free", "cannot take text, text"),
    ] {
        let message = failure(source);
        assert!(message.contains(part) && message.contains(source), "{source}: {message}");
    }
}
