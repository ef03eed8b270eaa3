//! Reads how long after something: `after: P2D`, or `after: 2` with `unit: working-day`.

use jiff::SignedDuration;

use super::{dictionary, expression, scope::Scope};
use crate::{
    check::{bad_duration, missing_key},
    definition::workflow::{Delay, Due},
    diagnostic::Faults,
    expr::Type,
    value::Span,
    yaml::read::{At, Map},
};

/// The most of a unit: a century of days.
const MOST: i64 = 36_525;

/// What `after` counts.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Workday,
    Day,
    Hour,
}

const UNITS: [(&str, Unit); 3] = [("working-day", Unit::Workday), ("day", Unit::Day), ("hour", Unit::Hour)];

/// The delay in `after`, which stands in `map`.
pub(crate) fn read(after: At<'_>, map: &mut Map<'_>, scope: &Scope, faults: &mut Faults) -> Option<Delay> {
    let Some(unit) = map.take("unit") else {
        let number = after.scalar().is_some_and(|scalar| scalar.text.parse::<i64>().is_ok());
        if number {
            faults.push(missing_key::fault(after.key_place(), "unit"));
            return None;
        }
        return dictionary::span(after, true, faults).map(Delay::Span);
    };
    let chosen = unit.choice(&UNITS, faults);
    let count = after.integer(faults)?;
    let Some(count) = i32::try_from(count).ok().filter(|_| (1..=MOST).contains(&count)) else {
        faults.push(bad_duration::out_of_range(after.place(), count, MOST));
        return None;
    };
    Some(match chosen? {
        Unit::Workday => {
            expression::needs_calendar(unit.place(), scope, faults);
            Delay::Workdays(count)
        }
        Unit::Day => Delay::Span(Span::of_days(count)),
        Unit::Hour => Delay::Span(Span::of_exact(SignedDuration::from_hours(count.into()))),
    })
}

/// When a task is due: an expression that gives a date, or `{after, unit}` from the day on which it opens.
pub(crate) fn due(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Due> {
    if !at.is_map() {
        return expression::read(at, scope, &Type::Date, faults).map(Due::On);
    }
    let mut map = at.map(faults)?;
    let after = map.need("after", faults);
    let delay = after.and_then(|after| read(after, &mut map, scope, faults));
    map.finish(faults);
    if let (Some(after), Some(Delay::Span(span))) = (after, delay)
        && !span.exact.is_zero()
    {
        faults.push(bad_duration::no_days(after.place()));
        return None;
    }
    delay.map(Due::After)
}
