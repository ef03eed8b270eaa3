//! Dates and instants in a zone, with one rule for the hours that a change of the clock leaves out or repeats.
//!
//! A local time that occurs twice is the first of the two. One that is left out is as much later as the clock was put
//! forward: 02:30 becomes 03:30. A day begins with its first instant, which need not be midnight; a day that a zone leaves
//! out begins with the day after it. `docs/reference/engine.md` says the same to the authors of definitions.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::{definition::workflow::Missed, value::Span};

/// The first instant of `date` in `zone`; none where it leaves the range of time.
#[must_use]
pub fn start_of_day(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let midnight = date.at(0, 0, 0, 0);
    let ambiguous = zone.to_ambiguous_timestamp(midnight);
    if let jiff::tz::AmbiguousOffset::Gap { after, .. } = ambiguous.offset() {
        // Read with the later offset, a time inside the gap lies before the change of the clock; the day begins with that.
        let before = after.to_timestamp(midnight).ok()?;
        return zone.following(before).next().map(|change| change.timestamp());
    }
    ambiguous.compatible().ok()
}

/// `span` after `time`: its days first, which keep the local time, then its exact part; none where that leaves the range of
/// time.
#[must_use]
pub fn moved(time: Timestamp, span: Span, zone: &TimeZone) -> Option<Timestamp> {
    let time = match span.days {
        0 => time,
        days => {
            let days = jiff::Span::new().try_days(days).ok()?;
            time.to_zoned_datetime(zone.clone()).checked_add(days).ok()?.timestamp()
        }
    };
    time.checked_add(span.exact).ok()
}

/// The local time of day of `time` on another `date`; none where it leaves the range of time.
#[must_use]
pub fn on_day(time: Timestamp, date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let local = date.to_datetime(zone.to_datetime(time).time());
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

/// How late an occurrence may be and not count as missed ([`Missed::Skip`]): a restart of the server takes none away.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// The occurrences `start + every`, `start + 2 × every`, … in a zone. Each is reckoned from `start`, so that a change of
/// the clock never shifts those behind it.
#[derive(Debug, Clone)]
pub struct Series {
    /// What they are reckoned from; no occurrence itself.
    pub start: Timestamp,
    /// How far they lie apart: longer than nothing, and no part of it negative.
    pub every: Span,
    /// The zone in which its days are days.
    pub zone: TimeZone,
}

/// What a due occurrence of a repeating timer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Whether it fires.
    pub fires: bool,
    /// When the timer is due again. With [`Missed::All`] this may have passed already.
    pub next: Timestamp,
}

/// Why there is no occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoOccurrence {
    /// The distance is nothing, or goes backwards.
    NotForward,
    /// It leaves the range of time.
    OutOfRange,
}

impl fmt::Display for NoOccurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotForward => "a timer must repeat after more than nothing",
            Self::OutOfRange => "a timer leaves the range of time",
        })
    }
}

impl std::error::Error for NoOccurrence {}

/// By how much days in a zone may run ahead of or behind days of 24 hours: offsets reach from -26 to +26 hours.
const SLACK: SignedDuration = SignedDuration::from_hours(52);

impl Series {
    /// The first occurrence after `after`.
    ///
    /// # Errors
    /// [`NoOccurrence`].
    pub fn next_after(&self, after: Timestamp) -> Result<Timestamp, NoOccurrence> {
        let Span { days, exact } = self.every;
        if days < 0 || exact.is_negative() || (days == 0 && exact.is_zero()) {
            return Err(NoOccurrence::NotForward);
        }
        let slack = if days == 0 { SignedDuration::ZERO } else { SLACK };
        let passed = self.start.duration_until(after).saturating_sub(slack).as_nanos();
        let mut count = i64::try_from(passed.div_euclid(self.every.nominal())).map_err(|_| NoOccurrence::OutOfRange)?;
        count = count.max(1);
        // The first guess is never beyond the occurrence looked for, and few occurrences before it.
        loop {
            let found = self.occurrence(count).ok_or(NoOccurrence::OutOfRange)?;
            if found > after {
                return Ok(found);
            }
            count += 1;
        }
    }

    fn occurrence(&self, count: i64) -> Option<Timestamp> {
        let days = i64::from(self.every.days).checked_mul(count).and_then(|days| i32::try_from(days).ok())?;
        let nanos = self.every.exact.as_nanos().checked_mul(count.into())?;
        let exact = SignedDuration::try_from_nanos_i128(nanos)?;
        moved(self.start, Span { days, exact }, &self.zone)
    }

    /// What the occurrence that was due at `due` does at `now`, and when the timer is due again.
    ///
    /// # Errors
    /// [`NoOccurrence`].
    pub fn next_occurrence(&self, due: Timestamp, now: Timestamp, missed: Missed) -> Result<Occurrence, NoOccurrence> {
        let (fires, from) = match missed {
            Missed::All => (true, due),
            Missed::Once => (true, due.max(now)),
            Missed::Skip => {
                // The last moment that is too late to count as on time.
                let late = GRACE.saturating_add(SignedDuration::from_nanos(1));
                let from = now.checked_sub(late).map_err(|_| NoOccurrence::OutOfRange)?;
                (due > from, due.max(from))
            }
        };
        Ok(Occurrence { fires, next: self.next_after(from)? })
    }
}
