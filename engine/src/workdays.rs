//! Working days: a weekend, the holidays that fall on other days, and the weekend days that are worked instead (调休).
//!
//! Invariants: some day of the week is worked; every question is answered in the time of a search, however far the dates lie
//! apart.

use jiff::{ToSpan as _, civil::Date};

/// The day from which days are counted, a Monday.
const MONDAY: Date = jiff::civil::date(1970, 1, 5);
/// The dates that can be written, as days from [`MONDAY`]: years 0 to 9999.
const FIRST: i64 = -719_532;
const LAST: i64 = 2_932_892;

/// Which days are working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workdays {
    /// The days of the week that are worked, Monday first.
    week: [bool; 7],
    /// The days that differ from the week, each with how many working days it and the differing days before it add.
    exceptions: Vec<(i64, i64)>,
}

impl Workdays {
    /// Monday to Friday, without holidays: what counts where there is no calendar.
    pub const PLAIN: Self = Self { week: [true, true, true, true, true, false, false], exceptions: Vec::new() };

    /// Working days by a `week` (Monday first) and the `days` that are worked or free whatever their day of the week; of two
    /// entries for one day the first counts. A week without a working day is taken for [`Workdays::PLAIN`]'s.
    #[must_use]
    pub fn new(week: [bool; 7], days: impl IntoIterator<Item = (Date, bool)>) -> Self {
        let week = if week.contains(&true) { week } else { Self::PLAIN.week };
        let mut plain = Self { week, exceptions: Vec::new() };
        let mut days: Vec<(i64, bool)> = days.into_iter().map(|(date, works)| (number(date), works)).collect();
        days.sort_by_key(|(day, _)| *day);
        days.dedup_by_key(|(day, _)| *day);
        let mut sum = 0;
        let mut exceptions = Vec::new();
        for (day, works) in days.into_iter().filter(|(day, works)| plain.works(*day) != *works) {
            sum += if works { 1 } else { -1 };
            exceptions.push((day, sum));
        }
        plain.exceptions = exceptions;
        plain
    }

    /// The days of the week that are worked, Monday first.
    #[must_use]
    pub const fn week(&self) -> [bool; 7] {
        self.week
    }

    /// Whether `date` is a working day.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.works(number(date))
    }

    /// The working day `count` working days after `date`, or before it where `count` is negative. `date` itself is not
    /// counted, whether it is a working day or not; with a `count` of zero it is `date`, or the next working day where
    /// `date` is none. None where that lies outside the years 0 to 9999.
    #[must_use]
    pub fn add(&self, date: Date, count: i64) -> Option<Date> {
        let day = number(date);
        // The place of a working day among all of them: how many lie before it.
        let place = match count {
            0 => self.before(day),
            1.. => self.before(day + 1).checked_add(count - 1)?,
            _ => self.before(day).checked_add(count)?,
        };
        self.nth(place)
    }

    /// How many working days lead from `a` to `b`: those after `a` up to `b` itself. Where `b` is earlier, those from `b` up
    /// to the day before `a`, negative. If `b` is a working day, [`Workdays::add`] of that many to `a` gives `b`.
    #[must_use]
    pub fn between(&self, a: Date, b: Date) -> i64 {
        let (a, b) = (number(a), number(b));
        if a <= b { self.before(b + 1) - self.before(a + 1) } else { self.before(b) - self.before(a) }
    }

    fn works(&self, day: i64) -> bool {
        let weekly = usize::try_from(day.rem_euclid(7)).ok().and_then(|at| self.week.get(at).copied()).unwrap_or(true);
        weekly != self.exceptions.binary_search_by_key(&day, |(day, _)| *day).is_ok()
    }

    /// How many working days lie before `day`, counted from [`MONDAY`].
    fn before(&self, day: i64) -> i64 {
        let worked = |days: usize| (0..).zip(self.week.iter().take(days)).filter(|(_, works)| **works).count();
        let count = |days: usize| i64::try_from(worked(days)).unwrap_or(0);
        let rest = usize::try_from(day.rem_euclid(7)).unwrap_or(0);
        let weekly = day.div_euclid(7) * count(7) + count(rest);
        let passed = self.exceptions.partition_point(|(exception, _)| *exception < day);
        let more = passed.checked_sub(1).and_then(|last| self.exceptions.get(last)).map_or(0, |(_, sum)| *sum);
        weekly + more
    }

    /// The working day before which `place` working days lie.
    fn nth(&self, place: i64) -> Option<Date> {
        // The first day behind which more than `place` lie.
        let (mut from, mut to) = (FIRST, LAST + 1);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.before(middle + 1) > place {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        (from <= LAST && self.before(from) == place).then(|| date(from)).flatten()
    }
}

impl Default for Workdays {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The days from [`MONDAY`] to `date`.
fn number(date: Date) -> i64 {
    MONDAY.duration_until(date).as_hours() / 24
}

fn date(number: i64) -> Option<Date> {
    MONDAY.checked_add(i32::try_from(number).ok()?.days()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn step(workdays: &Workdays, from: Date, count: i64) -> Date {
        let mut date = from;
        let mut left = count.abs();
        let forward = count >= 0;
        if count == 0 {
            while !workdays.contains(date) {
                date = date.tomorrow().unwrap();
            }
        }
        while left > 0 {
            date = if forward { date.tomorrow().unwrap() } else { date.yesterday().unwrap() };
            left -= i64::from(workdays.contains(date));
        }
        date
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (-40_i32..60).prop_map(|days| day(2026, 1, 15).checked_add(days.days()).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn it_counts_as_one_who_turns_the_leaves(
            week in prop::array::uniform7(any::<bool>()),
            exceptions in prop::collection::vec((any_day(), any::<bool>()), 0..40),
            (a, b, count) in (any_day(), any_day(), -30_i64..30),
        ) {
            prop_assume!(week.contains(&true));
            let workdays = Workdays::new(week, exceptions);
            let found = workdays.add(a, count).unwrap();
            prop_assert_eq!(found, step(&workdays, a, count));
            prop_assert!(workdays.contains(found));
            let turned = |from: Date, to: Date| {
                i64::try_from(from.series(1.day()).take_while(|date| *date < to).filter(|date| workdays.contains(*date)).count())
                    .unwrap()
            };
            let between = workdays.between(a, b);
            if a <= b {
                prop_assert_eq!(between, turned(a.tomorrow().unwrap(), b.tomorrow().unwrap()));
            } else {
                prop_assert_eq!(between, -turned(b, a));
            }
            if workdays.contains(b) {
                prop_assert_eq!(workdays.add(a, between), Some(b));
            }
        }
    }

    #[test]
    fn the_years_that_can_be_written_are_its_range() {
        assert_eq!((date(FIRST), date(LAST)), (Some(day(0, 1, 1)), Some(day(9999, 12, 31))));
        let plain = Workdays::PLAIN;
        assert_eq!(plain.add(day(9999, 12, 30), 1), Some(day(9999, 12, 31)));
        assert_eq!(plain.add(day(9999, 12, 31), 1), None);
        assert_eq!(plain.add(day(0, 1, 4), -1), Some(day(0, 1, 3)));
        assert_eq!(plain.add(day(0, 1, 3), -1), None);
        assert_eq!(plain.add(day(2026, 1, 1), i64::MAX), None);
        assert_eq!(plain.add(day(2026, 1, 1), i64::MIN), None);
        assert_eq!(plain.add(day(2026, 1, 1), 1_000_000), Some(step(&plain, day(2026, 1, 1), 1_000_000)));
    }

    #[test]
    fn a_week_needs_a_working_day() {
        assert_eq!(Workdays::new([false; 7], []), Workdays::PLAIN);
    }
}
