//! Working days by the shipped calendar, and arithmetic of months (E7, R9).

use docket_engine::value::Value;
use jiff::civil::{Date, date};

use super::facts::{failure, holds, number, value};

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

#[test]
fn holidays_and_make_up_days_are_those_that_are_published() {
    for (date, works) in [
        ("2026-01-01", false),
        ("2026-01-02", false),
        ("2026-01-04", true),
        ("2026-02-13", true),
        ("2026-02-14", true),
        ("2026-02-15", false),
        ("2026-02-23", false),
        ("2026-02-24", true),
        ("2026-02-28", true),
        ("2026-03-01", false),
        ("2026-05-09", true),
        ("2026-09-20", true),
        ("2026-10-07", false),
        ("2026-10-08", true),
        ("2026-10-10", true),
        ("2026-10-11", false),
        ("2025-01-26", true),
        ("2025-02-08", true),
        ("2025-10-08", false),
        // A year that nobody has published: weekends only.
        ("2027-10-01", true),
        ("2027-10-02", false),
    ] {
        assert_eq!(value(&format!("workday(date('{date}'))")), Value::Bool(works), "{date}");
    }
}

/// Counted outside of Docket from the notices; both years come to the 248 days that the law means.
#[test]
fn each_month_has_its_working_days() {
    let months = [
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
    ];
    for (year, counts) in months {
        for (month, count) in (1..).zip(counts) {
            let first = date(year, month, 1);
            let (before, last) = (first.yesterday().unwrap(), first.last_of_month());
            let found = value(&format!("workdays_between(date('{before}'), date('{last}'))"));
            assert_eq!(found, number(&count.to_string()), "{first}");
        }
    }
}

#[test]
fn days_are_counted_from_the_day_after() {
    for (from, count, gives) in [
        // Over the Spring Festival: 14 February, a Saturday, is worked.
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-24", -1, "2026-02-14"),
        // A start that is no working day is not counted either.
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-02-18", 3, "2026-02-26"),
        ("2026-02-18", -1, "2026-02-14"),
        ("2026-02-18", 0, "2026-02-24"),
        ("2026-02-14", 0, "2026-02-14"),
        // Month ends, the turn of the year, a leap day.
        ("2026-01-31", 1, "2026-02-02"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-12-31", 1, "2027-01-01"),
        ("2028-02-28", 1, "2028-02-29"),
        ("2028-02-29", 1, "2028-03-01"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-10-12", -3, "2026-10-08"),
        ("2025-12-31", 248, "2026-12-31"),
    ] {
        let source = format!("add_workdays(date('{from}'), {count})");
        assert_eq!(value(&source), day(gives), "{source}");
    }
    assert_eq!(value("workdays_between(date('2026-02-13'), date('2026-02-24'))"), number("2"));
    assert_eq!(value("workdays_between(date('2026-02-24'), date('2026-02-13'))"), number("-2"));
    assert_eq!(value("workdays_between(date('2026-02-15'), date('2026-02-23'))"), number("0"));
    assert_eq!(value("workdays_between(today, today)"), number("0"));
}

#[test]
fn what_is_absent_or_no_whole_number_gives_no_date() {
    assert!(holds("add_workdays(item.next_due, 3) == null && workdays_between(today, item.next_due) == null"));
    assert!(holds("!workday(item.next_due) && add_workdays(today, item.spent) == null"));
    assert!(failure("add_workdays(today, item.budget)").contains("needs a whole number, found `12.5"));
    assert!(failure("add_workdays(date('9999-12-31'), 1)").contains("leaves the range of dates"));
    assert!(failure("add_workdays(today, 9223372036854775807)").contains("leaves the range of dates"));
    assert!(failure("add_workdays(today, 79228162514264337593543950335)").contains("needs a whole number"));
    assert_eq!(value("add_workdays(today, 3.0)"), day("2026-11-30"));
    assert_eq!(value("today.add_workdays(2 + 1)"), day("2026-11-30"));
}

#[test]
fn months_keep_their_day_or_take_their_last() {
    for (source, gives) in [
        ("add_months(date('2026-01-31'), 1)", "2026-02-28"),
        ("add_months(date('2028-01-31'), 1)", "2028-02-29"),
        ("add_months(date('2028-02-29'), 12)", "2029-02-28"),
        ("add_months(date('2028-02-29'), 48)", "2032-02-29"),
        ("add_months(date('2026-03-31'), -1)", "2026-02-28"),
        ("add_months(date('2026-03-15'), 0)", "2026-03-15"),
        ("add_months(date('2026-11-30'), 3)", "2027-02-28"),
        ("end_of_month(date('2028-02-01'))", "2028-02-29"),
        ("end_of_month(date('2100-02-01'))", "2100-02-28"),
        ("end_of_month(date('2000-02-29'))", "2000-02-29"),
        ("end_of_quarter(date('2026-01-31'))", "2026-03-31"),
        ("end_of_quarter(date('2026-06-30'))", "2026-06-30"),
        ("end_of_quarter(date('2026-11-30'))", "2026-12-31"),
        ("end_of_month(date('9999-12-01'))", "9999-12-31"),
        ("end_of_quarter(date('9999-10-31'))", "9999-12-31"),
    ] {
        assert_eq!(value(source), day(gives), "{source}");
    }
    assert!(failure("add_months(date('9999-12-01'), 1)").contains("leaves the range of dates"));
    assert!(failure("add_months(date('0000-01-01'), -1)").contains("leaves the range of dates"));
    assert!(failure("add_months(today, 9223372036854775807)").contains("leaves the range of dates"));
}

#[test]
fn a_date_has_parts() {
    for (source, gives) in [
        ("month(date('2026-12-31'))", "12"),
        ("day(date('2028-02-29'))", "29"),
        ("quarter(date('2026-03-31'))", "1"),
        ("quarter(date('2026-04-01'))", "2"),
        ("quarter(date('2026-12-31'))", "4"),
        ("weekday(date('2026-11-25'))", "3"),
        ("weekday(date('2026-11-29'))", "7"),
        ("weekday(date('2026-11-30'))", "1"),
    ] {
        assert_eq!(value(source), number(gives), "{source}");
    }
}

#[test]
fn the_grid_of_months_is_reckoned_from_its_start() {
    for (start, months, after, cap, gives) in [
        ("2026-01-31", 1, "2026-01-31", "null", "2026-02-28"),
        // From the start, not from February's end.
        ("2026-01-31", 1, "2026-02-28", "null", "2026-03-31"),
        ("2026-01-31", 1, "2026-03-30", "null", "2026-03-31"),
        ("2026-01-31", 1, "2026-03-31", "null", "2026-04-30"),
        ("2026-01-31", 3, "2026-02-01", "null", "2026-04-30"),
        ("2026-01-15", 1, "2025-06-01", "null", "2026-02-15"),
        ("2028-02-29", 12, "2028-02-29", "null", "2029-02-28"),
        ("2026-01-31", 1, "2026-02-28", "date('2026-03-10')", "2026-03-10"),
        ("9999-12-01", 1, "9999-12-31", "date('9999-12-31')", "9999-12-31"),
    ] {
        let source = format!("next_by_month(date('{start}'), {months}, date('{after}'), {cap})");
        assert_eq!(value(&source), day(gives), "{source}");
    }
    assert!(holds("next_by_month(item.next_due, 1, today, null) == null"));
    assert!(failure("next_by_month(today, 0, today, null)").contains("at least one month"));
    assert!(failure("next_by_month(today, -1, today, null)").contains("at least one month"));
}

#[test]
fn the_grid_of_months_is_the_first_date_after() {
    let start = date(2027, 10, 31);
    for months in [1_i64, 2, 3, 7, 12] {
        let dates: Vec<Date> =
            (1..40).map(|step| start.checked_add(jiff::Span::new().months(step * months)).unwrap()).collect();
        for offset in (-40..400).step_by(3) {
            let after = start.checked_add(jiff::Span::new().days(offset)).unwrap();
            let source = format!("next_by_month(date('{start}'), {months}, date('{after}'), null)");
            let wanted = dates.iter().find(|date| **date > after).unwrap();
            assert_eq!(value(&source), Value::Date(*wanted), "{source}");
        }
    }
}
