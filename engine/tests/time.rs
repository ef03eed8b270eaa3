//! Repeating timers: their occurrences in zones whose clocks change, and what becomes of those that passed unseen.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

use docket_engine::{
    definition::workflow::Missed,
    time::{GRACE, NoOccurrence, Occurrence, Series, moved},
    value::Span,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use proptest::{prelude::*, test_runner::RngSeed};

const ZONES: [&str; 6] =
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn series(zone: &str, start: &str, every: &str) -> Series {
    Series { start: at(start), every: every.parse().unwrap(), zone: TimeZone::get(zone).unwrap() }
}

/// The first occurrences after `after`, in the zone's own time.
fn local(series: &Series, after: &str, count: usize) -> Vec<String> {
    let mut after = at(after);
    let mut all = Vec::new();
    while all.len() < count {
        after = series.next_after(after).unwrap();
        all.push(after.to_zoned_datetime(series.zone.clone()).strftime("%m-%d %H:%M %:z").to_string());
    }
    all
}

#[test]
fn each_occurrence_is_reckoned_from_the_start() {
    let berlin = series("Europe/Berlin", "2026-03-27T02:30:00+01:00", "P1D");
    // 02:30 does not occur on the 29th; the 30th is at 02:30 again.
    assert_eq!(
        local(&berlin, "2026-03-27T02:30:00+01:00", 4),
        ["03-28 02:30 +01:00", "03-29 03:30 +02:00", "03-30 02:30 +02:00", "03-31 02:30 +02:00"]
    );
    // 02:30 occurs twice on 25 October: the first time counts, once.
    assert_eq!(local(&berlin, "2026-10-24T12:00:00+02:00", 2), ["10-25 02:30 +02:00", "10-26 02:30 +01:00"]);
    let hourly = series("Europe/Berlin", "2026-10-25T00:30:00+02:00", "PT1H");
    assert_eq!(
        local(&hourly, "2026-10-25T00:30:00+02:00", 4),
        ["10-25 01:30 +02:00", "10-25 02:30 +02:00", "10-25 02:30 +01:00", "10-25 03:30 +01:00"]
    );
    let new_york = series("America/New_York", "2026-03-01T02:30:00-05:00", "P1W");
    assert_eq!(local(&new_york, "2026-03-01T02:30:00-05:00", 2), ["03-08 03:30 -04:00", "03-15 02:30 -04:00"]);
    // Summer time of 1986.
    let shanghai = series("Asia/Shanghai", "1986-05-02T02:30:00+08:00", "P1D");
    assert_eq!(
        local(&shanghai, "1986-05-02T02:30:00+08:00", 3),
        ["05-03 02:30 +08:00", "05-04 03:30 +09:00", "05-05 02:30 +09:00"]
    );
    // The 30th was left out, and does not fire beside the 31st.
    let apia = series("Pacific/Apia", "2011-12-28T10:00:00-10:00", "P1D");
    assert_eq!(
        local(&apia, "2011-12-28T10:00:00-10:00", 3),
        ["12-29 10:00 -10:00", "12-31 10:00 +14:00", "01-01 10:00 +14:00"]
    );
    let leap = series("Asia/Shanghai", "2028-02-27T23:59:00+08:00", "P1D");
    assert_eq!(
        local(&leap, "2028-02-27T23:59:00+08:00", 3),
        ["02-28 23:59 +08:00", "02-29 23:59 +08:00", "03-01 23:59 +08:00"]
    );
}

#[test]
fn after_an_outage_a_timer_does_what_its_definition_says() {
    let daily = series("Asia/Shanghai", "2026-11-20T09:00:00+08:00", "P1D");
    let due = at("2026-11-21T09:00:00+08:00");
    let next = |missed, now: &str| daily.next_occurrence(due, at(now), missed).unwrap();
    let is = |fires, next: &str| Occurrence { fires, next: at(next) };
    // On time, and late by a restart.
    for missed in [Missed::Once, Missed::All, Missed::Skip] {
        for now in ["2026-11-21T09:00:00+08:00", "2026-11-21T09:05:00+08:00"] {
            assert_eq!(next(missed, now), is(true, "2026-11-22T09:00:00+08:00"), "{missed:?} {now}");
        }
    }
    // Late by more, with no further occurrence missed.
    let now = "2026-11-21T12:00:00+08:00";
    assert_eq!(next(Missed::Once, now), is(true, "2026-11-22T09:00:00+08:00"));
    assert_eq!(next(Missed::All, now), is(true, "2026-11-22T09:00:00+08:00"));
    assert_eq!(next(Missed::Skip, now), is(false, "2026-11-22T09:00:00+08:00"));
    // Three days later, exactly when another one is due.
    let now = "2026-11-24T09:00:00+08:00";
    assert_eq!(next(Missed::Once, now), is(true, "2026-11-25T09:00:00+08:00"));
    assert_eq!(next(Missed::All, now), is(true, "2026-11-22T09:00:00+08:00"));
    assert_eq!(next(Missed::Skip, now), is(false, "2026-11-24T09:00:00+08:00"));
}

#[test]
fn a_timer_that_does_not_go_forward_is_refused() {
    for every in ["P0D", "-P1D", "PT0S", "P1DT-1H", "P-1DT48H"] {
        let series = series("Asia/Shanghai", "2026-11-20T09:00:00+08:00", every);
        assert_eq!(series.next_after(at("2026-11-25T00:00:00Z")), Err(NoOccurrence::NotForward), "{every}");
    }
    for (every, after) in [
        ("P2000000000D", "2026-11-20T09:00:00+08:00"),
        ("P1D", "9999-12-30T21:00:00Z"),
        ("PT2500000000S", "9999-12-30T00:00:00Z"),
    ] {
        let series = series("Asia/Shanghai", "2026-11-20T09:00:00+08:00", every);
        assert_eq!(series.next_after(at(after)), Err(NoOccurrence::OutOfRange), "{every}");
    }
    let seconds = series("Asia/Shanghai", "2026-11-20T09:00:00+08:00", "PT1S");
    assert_eq!(seconds.next_after(at("9000-01-01T00:00:00Z")), Ok(at("9000-01-01T00:00:01Z")));
}

/// The occurrences up to `end`, one after the other; those that coincide once.
fn all(series: &Series, end: Timestamp) -> Vec<Timestamp> {
    let mut found: Vec<Timestamp> = Vec::new();
    for count in 1.. {
        let every = series.every;
        let times = Span { days: every.days * count, exact: every.exact * count };
        let next = moved(series.start, times, &series.zone).unwrap();
        if next > end {
            break;
        }
        if found.last() != Some(&next) {
            found.push(next);
        }
    }
    found
}

fn any_series() -> impl Strategy<Value = Series> {
    // Starts around the changes of clock of 1986, 2011 and 2026.
    let start = prop_oneof![
        at("1986-04-20T00:00:00Z").as_second()..at("1986-09-20T00:00:00Z").as_second(),
        at("2011-12-20T00:00:00Z").as_second()..at("2011-12-31T00:00:00Z").as_second(),
        at("2026-03-01T00:00:00Z").as_second()..at("2026-11-10T00:00:00Z").as_second(),
    ];
    let every = prop_oneof![
        (1..10_i32).prop_map(Span::of_days),
        (600..200_000_i64).prop_map(|seconds| Span::of_exact(SignedDuration::from_secs(seconds))),
        (1..4_i32, 1..100_000_i64).prop_map(|(days, seconds)| Span { days, exact: SignedDuration::from_secs(seconds) }),
    ];
    (start, every, prop::sample::select(ZONES.to_vec())).prop_map(|(start, every, zone)| Series {
        start: Timestamp::from_second(start).unwrap(),
        every,
        zone: TimeZone::get(zone).unwrap(),
    })
}

/// The occurrences that fire where the server runs at the moments `awake` only, each with the moment.
fn fired(series: &Series, awake: &[Timestamp], missed: Missed) -> Vec<(Timestamp, Timestamp)> {
    let mut due = series.next_after(series.start).unwrap();
    let mut found = Vec::new();
    for now in awake {
        while due <= *now {
            let occurrence = series.next_occurrence(due, *now, missed).unwrap();
            if occurrence.fires {
                found.push((due, *now));
            }
            assert!(occurrence.next > due, "it goes forward");
            assert!(missed != Missed::Once || occurrence.next > *now, "once is once");
            due = occurrence.next;
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn the_next_one_is_the_first_after(series in any_series(), after in -200_000..2_000_000_i64) {
        let after = series.start.checked_add(SignedDuration::from_secs(after)).unwrap();
        let end = after.checked_add(SignedDuration::from_hours(24 * 20)).unwrap();
        let wanted = all(&series, end).into_iter().find(|next| *next > after);
        prop_assert_eq!(series.next_after(after).unwrap(), wanted.unwrap());
        // What is an occurrence is not its own successor.
        let next = wanted.unwrap();
        prop_assert!(series.next_after(next).unwrap() > next);
    }

    #[test]
    fn outages_lose_and_double_nothing_but_what_is_said(
        series in any_series(),
        mut gaps in prop::collection::vec(prop_oneof![1..400_i64, 1..400_000_i64], 1..30),
    ) {
        let mut now = series.start;
        let mut awake = Vec::new();
        for gap in &mut gaps {
            now = now.checked_add(SignedDuration::from_secs(*gap)).unwrap();
            awake.push(now);
        }
        let grid = all(&series, now);
        let due = |missed| fired(&series, &awake, missed).into_iter().map(|(due, _)| due).collect::<Vec<_>>();
        // All: each exactly once, in order.
        prop_assert_eq!(due(Missed::All), grid.clone());
        // Once: wherever some became due since the last moment, one fires, for the earliest of them.
        let mut before = series.start;
        let mut wanted = Vec::new();
        for now in &awake {
            wanted.extend(grid.iter().find(|due| before < **due && **due <= *now));
            before = *now;
        }
        prop_assert_eq!(due(Missed::Once), wanted);
        // Skip: those that are late by no more than the grace.
        let kept = |due: &&Timestamp| {
            let now = awake.iter().find(|now| *now >= *due).unwrap();
            due.duration_until(*now) <= GRACE
        };
        prop_assert_eq!(due(Missed::Skip), grid.iter().filter(kept).copied().collect::<Vec<_>>());
    }
}
