//! Redis carries wake-ups only: that there is news, not what it is. Losing it loses nothing but delay.

use std::time::Duration;

use futures_util::StreamExt as _;
use redis::{AsyncCommands as _, aio::ConnectionManager};
use tokio::time::sleep;

use crate::state::App;

/// The channel of wake-ups.
const CHANNEL: &str = "docket:news";
/// How long to wait before a lost connection is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// Wakes this node whenever another one has news. Never ends; reconnects.
pub(crate) async fn listen(app: App, url: String) {
    loop {
        if let Err(error) = listen_once(&app, &url).await {
            tracing::warn!(%error, "Redis does not answer; news comes from the database every second");
        }
        sleep(RETRY).await;
    }
}

async fn listen_once(app: &App, url: &str) -> Result<(), redis::RedisError> {
    let mut listener = redis::Client::open(url)?.get_async_pubsub().await?;
    listener.subscribe(CHANNEL).await?;
    let mut messages = listener.on_message();
    while messages.next().await.is_some() {
        app.wake.news.notify_one();
    }
    Ok(())
}

/// Wakes the other nodes whenever this one has news. Never ends; reconnects.
pub(crate) async fn speak(app: App, url: String) {
    let mut connection: Option<ConnectionManager> = None;
    loop {
        app.wake.nodes.notified().await;
        if connection.is_none() {
            connection = match redis::Client::open(url.as_str()) {
                Ok(client) => client.get_connection_manager().await.ok(),
                Err(_) => None,
            };
        }
        if let Some(speaker) = &mut connection {
            let told: Result<i64, _> = speaker.publish(CHANNEL, app.node.as_str()).await;
            if let Err(error) = told {
                tracing::debug!(%error, "a wake-up was not sent");
            }
        }
    }
}
