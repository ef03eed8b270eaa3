//! News of other nodes, and of other processes on the same database: read every second, or at once when Redis wakes.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::sleep;

use crate::{
    app::{definitions, org},
    push::{Follower, News, Stale},
    state::App,
};

/// How long a round waits for a wake-up.
const ROUND: Duration = Duration::from_millis(500);
/// Rounds between two clean-ups of old news.
const TRIM: u32 = 1_000;

/// Follows the news. Never ends.
pub(super) async fn follow(app: App) {
    let mut follower = None;
    let mut rounds = 0_u32;
    loop {
        if let Err(error) = round(&app, &mut follower, rounds % TRIM == TRIM - 1).await {
            tracing::error!(%error, "news can not be read");
            // Some of it may have been heard by half: begin anew, with everything stale.
            follower = None;
        }
        rounds = rounds.wrapping_add(1);
        tokio::select! {
            () = app.wake.news.notified() => {}
            () = sleep(ROUND) => {}
        }
    }
}

async fn round(app: &App, follower: &mut Option<Follower>, trim: bool) -> Result<(), DbErr> {
    let db = app.db.reader();
    let Some(follower) = follower else {
        let started = Follower::start(db, &app.node).await?;
        // What happened between loading and listening.
        definitions::reload(app).await?;
        org::reload(app).await?;
        app.hub.tell(Stale::everything());
        *follower = Some(started);
        return Ok(());
    };
    for news in follower.read(db).await? {
        hear(app, news).await?;
    }
    if trim {
        let write = app.db.write().await?;
        follower.trim(&*write).await?;
        write.commit().await?;
    }
    Ok(())
}

async fn hear(app: &App, news: News) -> Result<(), DbErr> {
    match news {
        News::Stale(stale) => app.hub.tell(stale),
        News::Definitions => {
            definitions::reload(app).await?;
            org::reload(app).await?;
            app.hub.tell(Stale::everything());
        }
        News::Organisation => {
            org::reload(app).await?;
            app.hub.tell(Stale::everything());
        }
        News::Clock(mode) => {
            app.clock.set(mode);
            app.wake.outbox.notify_one();
            app.hub.tell(Stale::everything());
        }
    }
    // A timer that another node armed may be due before this one's next round.
    app.wake.timers.notify_one();
    Ok(())
}
