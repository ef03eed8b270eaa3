//! The one clock that everything reads. It runs, or it stands still until the demo control moves it.

use std::sync::{PoisonError, RwLock};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// How the clock relates to the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It runs, this many milliseconds ahead of the machine's; 0 outside a demonstration.
    Running(i64),
    /// It stands at this moment, in milliseconds since the epoch.
    Standing(i64),
}

/// The clock. Moments are whole milliseconds, which is what the database holds.
#[derive(Debug)]
pub struct Clock {
    mode: RwLock<Mode>,
    zone: TimeZone,
}

impl Clock {
    /// A clock in `mode`, in the deployment's `zone`.
    #[must_use]
    pub const fn new(mode: Mode, zone: TimeZone) -> Self {
        Self { mode: RwLock::new(mode), zone }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ms = match self.mode() {
            Mode::Running(ahead) => machine_ms().saturating_add(ahead),
            Mode::Standing(at) => at,
        };
        from_ms(ms)
    }

    /// Today in the deployment's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.zone.to_datetime(self.now()).date()
    }

    /// The deployment's zone.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// How it runs.
    #[must_use]
    pub fn mode(&self) -> Mode {
        *self.mode.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mode in which this clock would read `to` at this moment.
    #[must_use]
    pub fn moved(&self, to: Timestamp) -> Mode {
        match self.mode() {
            Mode::Running(_) => Mode::Running(to.as_millisecond().saturating_sub(machine_ms())),
            Mode::Standing(_) => Mode::Standing(to.as_millisecond()),
        }
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.mode.write().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    /// The mode to start in: with `now` it stands there. A demonstration whose clock was moved (`stored`) never goes back.
    #[must_use]
    pub fn at_start(now: Option<Timestamp>, stored: Option<Mode>) -> Mode {
        match (now.map(Timestamp::as_millisecond), stored) {
            (Some(now), Some(Mode::Standing(at))) => Mode::Standing(now.max(at)),
            (Some(now), _) => Mode::Standing(now),
            (None, Some(Mode::Running(ahead))) => Mode::Running(ahead),
            (None, Some(Mode::Standing(at))) => Mode::Running(at.saturating_sub(machine_ms()).max(0)),
            (None, None) => Mode::Running(0),
        }
    }
}

/// The moment `ms` milliseconds after the epoch; the nearest that can be written where it is out of range.
#[must_use]
pub fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
fn machine_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
