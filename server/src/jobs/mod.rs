//! What runs beside requests: timers, the outbox, and news from other nodes.

pub(crate) mod attempts;
mod news;
mod timers;
mod trim;

use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    app::follow_ups,
    audit::keep,
    effects,
    push::{listen, speak},
    state::App,
};

/// How long a round waits for a wake-up.
const ROUND: Duration = Duration::from_secs(1);
/// How long stopping waits for what is under way.
const GRACE: Duration = Duration::from_secs(10);

/// Wakes the jobs before their next round.
#[derive(Debug, Default)]
pub struct Wake {
    /// A timer was armed, or the clock moved.
    pub timers: Notify,
    /// The outbox has something to deliver.
    pub outbox: Notify,
    /// The outbox has a question to another system.
    pub questions: Notify,
    /// The administrators' log is to be looked after.
    pub log: Notify,
    /// The clock moved: what is old may go.
    pub trim: Notify,
    /// Open work is to follow a changed organisation.
    pub follow_ups: Notify,
    /// Another node has news.
    pub news: Notify,
    /// This node has news for the others.
    pub nodes: Notify,
    /// The jobs are to stop.
    stop: Notify,
}

/// The running jobs of one process.
#[derive(Debug)]
pub struct Jobs {
    app: App,
    running: JoinSet<()>,
    beside: JoinSet<()>,
}

impl Jobs {
    /// Starts them.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let (mut running, mut beside) = (JoinSet::new(), JoinSet::new());
        running.spawn(rounds(app.clone(), |app| &app.wake.timers, async |app| timers::fire(app).await));
        running.spawn(rounds(
            app.clone(),
            |app| &app.wake.outbox,
            async |app| effects::perform(app).await.map_err(|error| error.to_string()),
        ));
        running.spawn(rounds(
            app.clone(),
            |app| &app.wake.questions,
            async |app| effects::ask::perform(app).await.map_err(|error| error.to_string()),
        ));
        running.spawn(rounds(
            app.clone(),
            |app| &app.wake.log,
            async |app| keep::round(app).await.map_err(|error| error.to_string()),
        ));
        running.spawn(rounds(
            app.clone(),
            |app| &app.wake.trim,
            async |app| trim::trim(app).await.map_err(|error| error.to_string()),
        ));
        running.spawn(rounds(
            app.clone(),
            |app| &app.wake.follow_ups,
            async |app| follow_ups::perform(app).await.map_err(|error| error.to_string()),
        ));
        beside.spawn(news::follow(app.clone()));
        if let Some(url) = &app.settings.redis_url {
            beside.spawn(listen(app.clone(), url.clone()));
            beside.spawn(speak(app.clone(), url.clone()));
        }
        Self { app: app.clone(), running, beside }
    }

    /// Stops them, within ten seconds.
    pub async fn stop(mut self) {
        self.app.wake.stop.notify_waiters();
        self.beside.abort_all();
        // A round that is under way ends by itself; what it does is one transaction after another.
        if timeout(GRACE, async { while self.running.join_next().await.is_some() {} }).await.is_err() {
            self.running.abort_all();
        }
    }
}

/// Runs rounds of a job until it is to stop: at once while there is more to do, else when it is woken or a second has passed.
async fn rounds(app: App, wake: impl Fn(&App) -> &Notify, job: impl AsyncFn(&App) -> Result<bool, String>) {
    let stop = app.wake.stop.notified();
    tokio::pin!(stop);
    stop.as_mut().enable();
    loop {
        let more = round(&app, &job).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a job's round failed");
            false
        });
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = std::future::ready(()), if more => {}
            () = wake(&app).notified() => {}
            () = sleep(ROUND) => {}
        }
    }
}

/// One round. A fault in it that panics ends the round, not the job.
async fn round(app: &App, job: &impl AsyncFn(&App) -> Result<bool, String>) -> Result<bool, String> {
    let round = std::panic::AssertUnwindSafe(job(app)).catch_unwind();
    round.await.unwrap_or_else(|_| Err("the round broke off".to_owned()))
}
