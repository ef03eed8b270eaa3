//! Timers: armed, standing still, fired.

use super::{Corrupt, corrupt, instance_of, take};
use crate::{
    case::{Case, Timer},
    event::Kind,
    id::Id,
};

fn timer_of(case: &mut Case, id: Id) -> Result<&mut Timer, Corrupt> {
    case.timers.get_mut(&id).ok_or_else(|| corrupt(format!("there is no timer {id}")))
}

pub(super) fn apply(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::TimerArmed { timer, instance, token, purpose, due, count, first } => {
            instance_of(case, *instance)?;
            if let Some(there) = case.timers.get_mut(timer) {
                there.due = *due;
                there.count = *count;
                there.first = *first;
                return Ok(());
            }
            take(case, *timer)?;
            let (instance, token) = (*instance, *token);
            let (id, purpose, due, count, first) = (*timer, *purpose, *due, *count, *first);
            let armed = Timer { id, instance, token, purpose, due, paused: false, count, first };
            case.timers.insert(*timer, armed);
        }
        Kind::TimerFired { timer } | Kind::TimerCancelled { timer } => {
            timer_of(case, *timer)?;
            case.timers.remove(timer);
        }
        Kind::TimerPaused { timer } => timer_of(case, *timer)?.paused = true,
        Kind::TimerResumed { timer, due, first } => {
            let found = timer_of(case, *timer)?;
            found.paused = false;
            found.due = *due;
            found.first = *first;
        }
        _ => {}
    }
    Ok(())
}
