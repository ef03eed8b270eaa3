//! Days and hours where the clock changes: hours that occur twice or never, days that begin late or not at all.

use docket_engine::{expr::Expr, value::Value};

use super::facts::{compiled, facts_in};

/// What `source` gives in `zone`; a point in time in that zone's own offset.
fn in_zone(zone: &str, source: &str) -> String {
    let expr: Expr = compiled(source);
    match expr.eval(&facts_in(zone)).unwrap() {
        Value::Time(time) => {
            let local = time.to_zoned_datetime(jiff::tz::TimeZone::get(zone).unwrap());
            local.strftime("%Y-%m-%dT%H:%M%:z").to_string()
        }
        other => other.to_json().to_string().replace('"', ""),
    }
}

#[test]
fn a_day_begins_with_its_first_instant() {
    for (zone, day, start) in [
        ("Asia/Shanghai", "2026-11-25", "2026-11-25T00:00+08:00"),
        // Summer time of 1986 to 1991 and of 1940.
        ("Asia/Shanghai", "1986-05-04", "1986-05-04T00:00+08:00"),
        ("Asia/Shanghai", "1986-05-05", "1986-05-05T00:00+09:00"),
        ("Asia/Shanghai", "1940-06-01", "1940-06-01T01:00+09:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T00:00+01:00"),
        ("Europe/Berlin", "2026-10-26", "2026-10-26T00:00+01:00"),
        // The clock went from 23:30 of the day before to 00:30.
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30-04:00"),
        // Midnight came twice: the first counts.
        ("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T01:00-04:00"),
        // A day that was left out begins, and ends, with the next.
        ("Pacific/Apia", "2011-12-29", "2011-12-29T00:00-10:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00+14:00"),
    ] {
        assert_eq!(in_zone(zone, &format!("time(date('{day}'))")), start, "{zone} {day}");
    }
}

#[test]
fn days_keep_the_local_time_and_hours_do_not() {
    for (zone, time, span, gives) in [
        // Put forward on 29 March 2026 at 02:00, back on 25 October at 03:00.
        ("Europe/Berlin", "2026-03-28T10:00:00+01:00", "P1D", "2026-03-29T10:00+02:00"),
        ("Europe/Berlin", "2026-03-28T10:00:00+01:00", "PT24H", "2026-03-29T11:00+02:00"),
        ("Europe/Berlin", "2026-03-28T02:30:00+01:00", "P1D", "2026-03-29T03:30+02:00"),
        ("Europe/Berlin", "2026-03-28T02:30:00+01:00", "P2D", "2026-03-30T02:30+02:00"),
        ("Europe/Berlin", "2026-10-24T02:30:00+02:00", "P1D", "2026-10-25T02:30+02:00"),
        ("Europe/Berlin", "2026-10-24T02:30:00+02:00", "P1DT1H", "2026-10-25T02:30+01:00"),
        ("Europe/Berlin", "2026-10-24T02:30:00+02:00", "P1DT2H", "2026-10-25T03:30+01:00"),
        ("Europe/Berlin", "2026-10-25T02:30:00+01:00", "PT0S", "2026-10-25T02:30+01:00"),
        ("Europe/Berlin", "2026-10-26T02:30:00+01:00", "-P1D", "2026-10-25T02:30+02:00"),
        // Days first, then hours, whichever way it goes.
        ("Europe/Berlin", "2026-03-28T23:00:00+01:00", "P1DT4H", "2026-03-30T03:00+02:00"),
        ("Europe/Berlin", "2026-03-30T03:00:00+02:00", "-P1DT4H", "2026-03-28T22:00+01:00"),
        ("America/New_York", "2026-03-07T02:30:00-05:00", "P1D", "2026-03-08T03:30-04:00"),
        ("America/New_York", "2026-10-31T01:30:00-04:00", "P1D", "2026-11-01T01:30-04:00"),
        ("America/New_York", "2026-10-31T01:30:00-04:00", "P1DT1H", "2026-11-01T01:30-05:00"),
        // Shanghai's summer time began on 4 May 1986 at 02:00 and ended on 14 September at 02:00.
        ("Asia/Shanghai", "1986-05-03T02:30:00+08:00", "P1D", "1986-05-04T03:30+09:00"),
        ("Asia/Shanghai", "1986-09-13T01:30:00+09:00", "P1D", "1986-09-14T01:30+09:00"),
        ("Asia/Shanghai", "1991-09-14T12:00:00+09:00", "P1D", "1991-09-15T12:00+08:00"),
        ("Asia/Shanghai", "2026-12-31T23:59:00+08:00", "P1D", "2027-01-01T23:59+08:00"),
        ("Asia/Shanghai", "2028-02-28T23:30:00+08:00", "PT1H", "2028-02-29T00:30+08:00"),
        // 30 December 2011 was left out: it is the day after.
        ("Pacific/Apia", "2011-12-29T10:00:00-10:00", "P1D", "2011-12-31T10:00+14:00"),
        ("Pacific/Apia", "2011-12-29T10:00:00-10:00", "P2D", "2011-12-31T10:00+14:00"),
        ("Pacific/Apia", "2011-12-29T10:00:00-10:00", "PT24H", "2011-12-31T10:00+14:00"),
    ] {
        let source = format!("time('{time}') + duration('{span}')");
        assert_eq!(in_zone(zone, &source), gives, "{zone}: {source}");
    }
}

#[test]
fn a_day_changes_at_midnight_of_the_zone() {
    for (zone, time, day) in [
        ("Asia/Shanghai", "2026-11-25T15:59:59Z", "2026-11-25"),
        ("Asia/Shanghai", "2026-11-25T16:00:00Z", "2026-11-26"),
        ("Asia/Shanghai", "2028-02-28T16:00:00Z", "2028-02-29"),
        ("Asia/Shanghai", "2026-12-31T16:00:00Z", "2027-01-01"),
        ("America/New_York", "2026-11-25T04:59:59Z", "2026-11-24"),
        ("Europe/Berlin", "2026-06-30T22:00:00Z", "2026-07-01"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
    ] {
        assert_eq!(in_zone(zone, &format!("date(time('{time}'))")), day, "{zone} {time}");
    }
    // A date stays the date that it is, whatever the clock does.
    for zone in ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia"] {
        assert_eq!(in_zone(zone, "date('2026-03-28') + duration('P1D')"), "2026-03-29");
        assert_eq!(in_zone(zone, "date('2011-12-29') + duration('P1D')"), "2011-12-30");
        assert_eq!(in_zone(zone, "days_between(date('2026-03-01'), date('2026-04-01'))"), "31");
        assert_eq!(in_zone(zone, "date(time(date('2026-10-25')))"), "2026-10-25");
    }
}

#[test]
fn what_lies_between_two_points_in_time_is_exact() {
    assert_eq!(in_zone("Europe/Berlin", "time(date('2026-03-30')) - time(date('2026-03-29'))"), "PT23H");
    assert_eq!(in_zone("Europe/Berlin", "time(date('2026-10-26')) - time(date('2026-10-25'))"), "PT25H");
    assert_eq!(in_zone("Asia/Shanghai", "time(date('2026-10-26')) - time(date('2026-10-25'))"), "PT24H");
    assert_eq!(in_zone("Europe/Berlin", "date('2026-10-26') - date('2026-10-25')"), "P1D");
    assert_eq!(
        in_zone("Europe/Berlin", "time('2026-10-25T02:30:00+02:00') < time('2026-10-25T02:30:00+01:00')"),
        "true"
    );
}
