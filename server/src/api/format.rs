//! How instants are written for people.

use jiff::{Timestamp, tz::TimeZone};

/// `2026-11-25 16:03` in `zone`.
#[must_use]
pub fn clock_time(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
