//! What runs beside requests: timers, the outbox, and news from other nodes.

use tokio::sync::Notify;

use crate::state::App;

/// Wakes the jobs before their next round.
#[derive(Debug, Default)]
pub struct Wake {
    /// A timer was armed, or the clock moved.
    pub timers: Notify,
    /// The outbox has something to deliver.
    pub outbox: Notify,
    /// Another node has news.
    pub news: Notify,
}

/// The running jobs of one process.
#[derive(Debug)]
pub struct Jobs {}

impl Jobs {
    /// Starts them.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let _ = app;
        Self {}
    }

    /// Stops them, within ten seconds.
    pub async fn stop(self) {}
}
