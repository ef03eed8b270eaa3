//! Dates as the database holds them: whole days since 1970-01-01.

use jiff::{
    SignedDuration, Unit,
    civil::{Date, date},
};

const EPOCH: Date = date(1970, 1, 1);

/// The number of `date`.
#[must_use]
pub fn from_date(date: Date) -> i32 {
    // Dates range over the years -9999 to 9999: at most 4.4 million days.
    EPOCH.until((Unit::Day, date)).map_or(0, |span| span.get_days())
}

/// The date with the number `days`; the first or last that can be written where it is out of range.
#[must_use]
pub fn to_date(days: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_hours(i64::from(days) * 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_comes_back() {
        for (on, number) in [
            (EPOCH, 0),
            (date(1969, 12, 31), -1),
            (date(2028, 2, 29), 21_243),
            (Date::MIN, from_date(Date::MIN)),
            (Date::MAX, from_date(Date::MAX)),
        ] {
            assert_eq!(from_date(on), number);
            assert_eq!(to_date(number), on);
        }
        assert_eq!((to_date(i32::MAX), to_date(i32::MIN)), (Date::MAX, Date::MIN));
    }
}
