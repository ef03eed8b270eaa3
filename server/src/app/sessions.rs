//! Sessions: of a token only the hash is stored. How somebody comes to have one is `sign_in`'s.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use docket_engine::id::PersonId;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use tokio::sync::broadcast;

use super::passwords;
use crate::{
    api::caller::Caller,
    audit::{self, Act, Origin, What},
    db::entity::{credential, session},
    failure::Failure,
    random,
    security::Lock,
    state::App,
};

/// Unknown staff numbers whose failures are counted at a time, so that they answer like known ones.
const MAX_UNKNOWN: usize = 10_000;
/// How long the steps of signing in may take, in milliseconds.
const STEPS_MS: i64 = 10 * 60_000;
/// How old `last_seen_at` may grow before it is written again.
const TOUCH_MS: i64 = 60_000;

/// A session, without its token.
#[derive(Debug, Clone)]
pub struct Session {
    /// The hash of its token, by which it is stored.
    pub token_hash: String,
    /// Whose it is.
    pub person: PersonId,
    /// The token that every change carries.
    pub csrf: String,
    /// By what it is called in lists; no secret.
    pub name: String,
    /// How far signing in has come.
    pub stage: Stage,
    /// In whose name he has chosen to act.
    pub acting_for: Option<PersonId>,
}

/// How far signing in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the code of the second factor is wanted.
    Code,
    /// A new password is wanted.
    Password,
    /// A second factor is to be set up.
    SetUp,
    /// Signed in.
    Whole,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Code, Self::Password, Self::SetUp, Self::Whole];

    /// As it is stored.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Password => "password",
            Self::SetUp => "set-up",
            Self::Whole => "full",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// On whose account a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// A person did something: the session is not idle.
    Person,
    /// A page that stays open asks by itself what is new: that keeps nobody signed in.
    Background,
}

/// What signing in gives.
#[derive(Debug)]
pub struct SignedIn {
    /// The token for the cookie.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// What the process remembers of sign-ins beside the database.
#[derive(Debug)]
pub struct Gate {
    /// Hashing, bounded.
    pub passwords: passwords::Hashing,
    ended: broadcast::Sender<String>,
    unknown: Mutex<BTreeMap<String, Attempts>>,
    streams: Arc<Mutex<BTreeMap<String, u32>>>,
}

/// The place of one open stream; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    streams: Arc<Mutex<BTreeMap<String, u32>>>,
    token_hash: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        match streams.get_mut(&self.token_hash) {
            Some(open) if *open > 1 => *open -= 1,
            _ => drop(streams.remove(&self.token_hash)),
        }
    }
}

/// Failures in a row on one staff number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Attempts {
    pub(super) failures: i32,
    pub(super) locked_until: Option<Timestamp>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            passwords: passwords::Hashing::default(),
            ended: broadcast::channel(256).0,
            unknown: Mutex::default(),
            streams: Arc::default(),
        }
    }
}

impl Gate {
    /// Hears of every session that ends in this process, by the hash of its token.
    #[must_use]
    pub fn ended(&self) -> broadcast::Receiver<String> {
        self.ended.subscribe()
    }

    /// Takes a place for one more stream of a session, of `most`.
    #[must_use]
    pub fn open_stream(&self, token_hash: &str, most: u32) -> Option<Place> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let open = streams.entry(token_hash.to_owned()).or_default();
        if *open >= most {
            return None;
        }
        *open += 1;
        Some(Place { streams: Arc::clone(&self.streams), token_hash: token_hash.to_owned() })
    }

    pub(super) fn end(&self, token_hash: &str) {
        // Without a stream there is nobody to tell.
        let _ = self.ended.send(token_hash.to_owned());
    }

    /// Counts an attempt on a staff number that nobody has, as it is counted on one that somebody has.
    pub(super) fn unknown_attempt(&self, code: &str, lock: Lock, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if unknown.len() >= MAX_UNKNOWN && !unknown.contains_key(code) {
            unknown.clear();
        }
        let attempts = unknown.entry(code.to_owned()).or_default();
        if let Some(until) = attempts.locked_until.filter(|until| *until > now) {
            return Err(Failure::Locked { until });
        }
        *attempts = attempts.counted(lock, now);
        Ok(attempts.locked_until)
    }
}

impl Attempts {
    /// With one attempt more: the last one that `lock` allows locks.
    pub(super) fn counted(self, lock: Lock, now: Timestamp) -> Self {
        let failures = self.failures + 1;
        if failures < lock.failures {
            return Self { failures, locked_until: None };
        }
        Self { failures: 0, locked_until: now.checked_add(lock.for_long).ok() }
    }
}

/// Puts a session in the place of `before` (none at the first step) and gives its new token. One that is whole forgets the failures
/// before it; where the settings want one at a time, it ends the person's others.
pub(super) async fn put(
    app: &App,
    person: PersonId,
    (stage, before): (Stage, Option<&Session>),
    browser: Option<&str>,
    origin: &Origin,
) -> Result<SignedIn, Failure> {
    let token = random::token()?;
    let (csrf, name) = (random::token()?, random::token()?);
    let session = Session { token_hash: hash(&token), person, csrf, name, stage, acting_for: None };
    let now = app.now().as_millisecond();
    let whole = stage == Stage::Whole;
    let settings = app.settings.security.session;
    let lasts = if whole { settings.total_ms } else { STEPS_MS };
    let write = app.db.write().await?;
    let mut ended = Vec::new();
    if let Some(before) = before {
        session::Entity::delete_by_id(before.token_hash.clone()).exec(&*write).await?;
    }
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(&*write).await?;
    if whole && settings.single {
        ended = end_of(&*write, person, None).await?;
    }
    let row = session::ActiveModel {
        token_hash: Set(session.token_hash.clone()),
        person_id: Set(person.0),
        csrf: Set(session.csrf.clone()),
        name: Set(session.name.clone()),
        stage: Set(stage.code().to_owned()),
        address: Set(origin.address.map(|address| address.to_string())),
        browser: Set(browser.map(|browser| browser.chars().filter(|c| !c.is_control()).take(200).collect())),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now.saturating_add(lasts)),
        acting_for: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(&*write).await?;
    if whole {
        forget_failures(&*write, person).await?;
        let act = Act::done(origin.clone(), What::SignIn);
        let act = if ended.is_empty() { act } else { act.with("ended", ended.len()) };
        audit::record(app, &*write, act).await?;
    }
    write.commit().await?;
    for token_hash in &ended {
        app.sessions.end(token_hash);
    }
    Ok(SignedIn { token, session })
}

/// Ends a person's sessions but one; gives the hashes of the tokens of those that ended.
pub(super) async fn end_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    but: Option<&str>,
) -> Result<Vec<String>, Failure> {
    let of_person = || {
        let sessions = session::Column::PersonId.eq(person.0);
        but.map_or_else(|| sessions.clone(), |but| sessions.clone().and(session::Column::TokenHash.ne(but)))
    };
    let rows = session::Entity::find().filter(of_person()).all(db).await?;
    session::Entity::delete_many().filter(of_person()).exec(db).await?;
    Ok(rows.into_iter().map(|row| row.token_hash).collect())
}

/// Forgets a person's failures and lifts his lock.
pub(super) async fn forget_failures<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<(), Failure> {
    credential::Entity::update_many()
        .col_expr(credential::Column::Failures, Expr::value(0))
        .col_expr(credential::Column::LockedUntil, Expr::value(Option::<i64>::None))
        .filter(credential::Column::PersonId.eq(person.0))
        .exec(db)
        .await?;
    Ok(())
}

/// The session of `token`, if it goes on. Only what a person does puts its idle end off.
///
/// # Errors
/// [`Failure::NotSignedIn`].
pub async fn resume(app: &App, token: &str, presence: Presence) -> Result<Session, Failure> {
    let token_hash = hash(token);
    let row = alive(app, &token_hash).await?.ok_or(Failure::NotSignedIn)?;
    let now = app.now().as_millisecond();
    if presence == Presence::Person && now.saturating_sub(row.last_seen_at) >= TOUCH_MS {
        let write = app.db.write().await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .filter(session::Column::TokenHash.eq(token_hash.as_str()))
            .exec(&*write)
            .await?;
        write.commit().await?;
    }
    Ok(Session {
        token_hash,
        person: PersonId(row.person_id),
        csrf: row.csrf,
        name: row.name,
        stage: Stage::of(&row.stage).ok_or(Failure::NotSignedIn)?,
        acting_for: row.acting_for.map(PersonId),
    })
}

/// From now on the session acts in `person`'s name, or for itself again. Its token for changes is another one then, so that no
/// page that still shows the other one's name changes anything.
///
/// # Errors
/// The database's own.
pub async fn act_for(app: &App, session: &Session, person: Option<PersonId>) -> Result<Session, Failure> {
    let changed = Session { csrf: random::token()?, acting_for: person, ..session.clone() };
    let write = app.db.write().await?;
    session::Entity::update_many()
        .col_expr(session::Column::ActingFor, Expr::value(person.map(|person| person.0)))
        .col_expr(session::Column::Csrf, Expr::value(changed.csrf.as_str()))
        .filter(session::Column::TokenHash.eq(session.token_hash.as_str()))
        .exec(&*write)
        .await?;
    write.commit().await?;
    // Open streams tell what the other one sees.
    app.sessions.end(&session.token_hash);
    Ok(changed)
}

/// Whether the session goes on as it is: not signed out, not idle for too long, not too old, and in nobody else's name.
///
/// # Errors
/// The database's own.
pub async fn goes_on(app: &App, session: &Session) -> Result<bool, Failure> {
    let row = alive(app, &session.token_hash).await?;
    Ok(row.is_some_and(|row| row.acting_for.map(PersonId) == session.acting_for))
}

async fn alive(app: &App, token_hash: &str) -> Result<Option<session::Model>, Failure> {
    let now = app.now().as_millisecond();
    let row = session::Entity::find_by_id(token_hash.to_owned()).one(app.db.reader()).await?;
    let idle_ms = app.settings.security.session.idle_ms;
    Ok(row.filter(|row| row.expires_at > now && row.last_seen_at.saturating_add(idle_ms) > now))
}

/// Ends the caller's session on the server, and its event streams.
///
/// # Errors
/// The database's own.
pub async fn sign_out(caller: &Caller) -> Result<(), Failure> {
    let write = caller.app.db.write().await?;
    session::Entity::delete_by_id(caller.session.token_hash.clone()).exec(&*write).await?;
    audit::record(&caller.app, &*write, Act::done(caller.origin(), What::SignOut)).await?;
    write.commit().await?;
    caller.app.sessions.end(&caller.session.token_hash);
    Ok(())
}

/// Moves every session's ends by `by_ms`: in a demonstration the clock jumps, and nobody is to be signed out by that.
///
/// # Errors
/// The database's own.
pub async fn shift(app: &App, by_ms: i64) -> Result<(), Failure> {
    let write = app.db.write().await?;
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::col(session::Column::LastSeenAt).add(by_ms))
        .col_expr(session::Column::ExpiresAt, Expr::col(session::Column::ExpiresAt).add(by_ms))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// SHA-256 of a token, in hexadecimal: the token itself is not stored.
pub(super) fn hash(token: &str) -> String {
    crate::app::runner::chain::sha256(&[token.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_for_ten_minutes() {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let lock = crate::security::Security::default().lock;
        let mut attempts = Attempts::default();
        for _ in 1..5 {
            attempts = attempts.counted(lock, now);
            assert_eq!(attempts.locked_until, None);
        }
        attempts = attempts.counted(lock, now);
        assert_eq!(attempts.locked_until, Some("2026-03-02T01:10:00Z".parse().unwrap()));
        assert_eq!(attempts.failures, 0);
    }
}
