//! What becomes stale for one person, as it happens.

use std::{sync::Arc, time::Duration};

use async_stream::stream;
use docket_engine::text::Text;
use futures_util::{StreamExt as _, stream::BoxStream};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::{ledger, sessions};
use crate::{
    api::{caller::Caller, events::StaleEvent},
    failure::Failure,
    push::Stale,
};

/// Streams that one session may have open at a time: windows of one browser, and those closed a moment ago. The server learns only
/// from the second heartbeat that it can not send that a window is gone.
const MAX_STREAMS: u32 = 40;
/// How often a stream asks whether its session goes on, for sessions that ended on another node.
const CHECK: Duration = Duration::from_secs(15);

/// The caller's stream: `hello` first (an empty list), then what became stale, or `hello` again. It ends with the session.
///
/// # Errors
/// [`Failure::TooMany`].
pub fn stream(caller: Caller) -> Result<BoxStream<'static, StaleEvent>, Failure> {
    let place = caller.app.sessions.open_stream(&caller.session.token_hash, MAX_STREAMS).ok_or_else(|| {
        Failure::TooMany(Text::new("打开的窗口过多，请关闭一些", "too many windows are open: close some"))
    })?;
    // Both listen before `hello` is sent, so that nothing falls between.
    let mut news = caller.app.hub.subscribe();
    let mut ended = caller.app.sessions.ended();
    let mut check = interval_at(Instant::now() + CHECK, CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reader = Reader { organisation: caller.app.organisation().generation, caller };
    Ok(stream! {
        let _place = place;
        yield StaleEvent { what: Vec::new() };
        loop {
            tokio::select! {
                stale = news.next() => {
                    let Some(stale) = stale else { break };
                    let Ok(what) = reader.told(&stale).await else { break };
                    if stale.everything {
                        yield StaleEvent { what: Vec::new() };
                    } else if !what.is_empty() {
                        yield StaleEvent { what };
                    }
                }
                token_hash = ended.recv() => match token_hash {
                    Ok(token_hash) if token_hash == reader.caller.session.token_hash => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => if !reader.goes_on().await { break },
                    Err(RecvError::Closed) => break,
                },
                _ = check.tick() => if !reader.goes_on().await { break },
            }
        }
    }
    .boxed())
}

/// Who listens, with the rules and the organisation in force.
struct Reader {
    caller: Caller,
    organisation: i64,
}

impl Reader {
    async fn goes_on(&self) -> bool {
        sessions::goes_on(&self.caller.app, &self.caller.session).await.unwrap_or(false)
    }

    /// What `stale` means for him, by the rules of this moment.
    async fn told(&mut self, stale: &Arc<Stale>) -> Result<Vec<String>, Failure> {
        let app = self.caller.app.clone();
        let organisation = app.organisation().generation;
        if app.published().generation != self.caller.published.generation || organisation != self.organisation {
            self.caller = Caller::new(app, self.caller.session.clone(), self.caller.language).await?;
            self.organisation = organisation;
        }
        let caller = &self.caller;
        let doers = caller.app.org().stands_for(caller.person.id, || caller.app.today());
        let what =
            stale.told_to(caller.person.id, &doers, |action, item, parent| ledger::may(caller, action, item, parent));
        Ok(what)
    }
}
