//! How often, and when, what failed is tried again.
//!
//! A row that failed [`MOST`] times is left for somebody to look at (`docket jobs`); `docket jobs retry` re-arms it.

use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoColumnRef, SimpleExpr};

/// Attempts at a row before it is left for somebody to look at.
pub(crate) const MOST: i32 = 10;
/// The first pause, in seconds; each further one is twice as long.
const FIRST_S: i64 = 5;
/// The longest pause, in seconds. Ten attempts take half an hour: a restarted database or mail server is back by then.
const LONGEST_S: i64 = 600;

/// The earliest moment of the next attempt, in milliseconds since the epoch, after `attempts` failed ones and another one now.
pub(crate) fn next(attempts: i32, now: Timestamp) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, MOST)).unwrap_or(0);
    let pause = Ord::min(FIRST_S.saturating_mul(1_i64 << doublings), LONGEST_S);
    now.checked_add(SignedDuration::from_secs(pause)).unwrap_or(now).as_millisecond()
}

/// Whether the next attempt may be made at `now`.
pub(crate) fn may_try(next_attempt_at: impl IntoColumnRef, now: Timestamp) -> SimpleExpr {
    let column = Expr::col(next_attempt_at);
    column.clone().is_null().or(column.lte(now.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let pauses = [0, 1, 2, 6, 7, 9, 1_000].map(|attempts| (next(attempts, now) - now.as_millisecond()) / 1000);
        assert_eq!(pauses, [5, 10, 20, 320, 600, 600, 600]);
    }
}
