//! Signing in and out. Passwords are hashed with Argon2id; of a session's token only the hash is stored.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use docket_engine::{id::PersonId, text::Text};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tokio::sync::broadcast;

use super::passwords;
use crate::{
    api::caller::Caller,
    audit::{self, Act, Object, Origin, What},
    clock::from_ms,
    db::entity::{credential, session},
    failure::Failure,
    random,
    state::App,
};

/// Failures in a row that lock an account (I1).
pub const MAX_FAILURES: i32 = 5;
/// How long it stays locked.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Unknown staff numbers whose failures are counted at a time, so that they answer like known ones.
const MAX_UNKNOWN: usize = 10_000;
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

/// Failures of a staff number that nobody has.
#[derive(Debug, Clone, Copy, Default)]
struct Attempts {
    failures: i32,
    locked_until: Option<Timestamp>,
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

    fn end(&self, token_hash: &str) {
        // Without a stream there is nobody to tell.
        let _ = self.ended.send(token_hash.to_owned());
    }

    /// Counts an attempt on a staff number that nobody has, as it is counted on one that somebody has.
    fn unknown_attempt(&self, code: &str, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if unknown.len() >= MAX_UNKNOWN && !unknown.contains_key(code) {
            unknown.clear();
        }
        let attempts = unknown.entry(code.to_owned()).or_default();
        if let Some(until) = attempts.locked_until.filter(|until| *until > now) {
            return Err(Failure::Locked { until });
        }
        *attempts = attempts.counted(now);
        Ok(attempts.locked_until)
    }
}

impl Attempts {
    /// With one attempt more: the fifth locks.
    fn counted(self, now: Timestamp) -> Self {
        let failures = self.failures + 1;
        if failures < MAX_FAILURES {
            return Self { failures, locked_until: None };
        }
        Self { failures: 0, locked_until: now.checked_add(LOCKED_FOR).ok() }
    }
}

/// Signs in with a staff number and a password.
///
/// # Errors
/// [`Failure::WrongCredentials`], [`Failure::Locked`]; a staff number that nobody has answers alike, and as slowly.
pub async fn sign_in(app: &App, code: &str, password: &str, address: Option<IpAddr>) -> Result<SignedIn, Failure> {
    let code = fold_code(code);
    let person = app.org().people().find(|person| person.code == code && person.active).map(|person| person.id);
    let origin = Origin::http(person, address);
    match attempt(app, person, &code, password, &origin).await {
        Ok(signed_in) => Ok(signed_in),
        Err(failure) => {
            // What was typed as a number that nobody has may be a password: it is not written down.
            let reason = if person.is_none() { "unknown" } else { reason(&failure) };
            audit::recorded(app, Act::refused(origin, What::SignIn).with("reason", reason)).await?;
            Err(failure)
        }
    }
}

/// Why a sign-in was refused, as the log tells it.
const fn reason(failure: &Failure) -> &'static str {
    match failure {
        Failure::WrongCredentials => "password",
        Failure::Locked { .. } => "locked",
        _ => "failed",
    }
}

async fn attempt(
    app: &App,
    person: Option<PersonId>,
    code: &str,
    password: &str,
    origin: &Origin,
) -> Result<SignedIn, Failure> {
    let stored = match person {
        Some(person) => credential::Entity::find_by_id(person.0).one(app.db.reader()).await?,
        None => None,
    };
    let (Some(person), Some(stored)) = (person, stored) else {
        let locked = app.sessions.unknown_attempt(code, app.now())?;
        app.sessions.passwords.verify_nothing(&app.settings.web, password).await?;
        return Err(locked.map_or(Failure::WrongCredentials, |until| Failure::Locked { until }));
    };
    // The attempt is counted before it is tried, so that many at once are no more than five.
    let locked = count_attempt(app, person).await?;
    if !app.sessions.passwords.verify(password, stored.password_hash).await? {
        return Err(locked.map_or(Failure::WrongCredentials, |until| Failure::Locked { until }));
    }
    begin(app, person, origin).await
}

/// Full-width digits and letters count as half-width ones; spaces around do not count.
fn fold_code(code: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    code.trim().chars().take(64).nfkc().collect()
}

/// Counts an attempt; gives the end of the lock that it brought, if it did.
async fn count_attempt(app: &App, person: PersonId) -> Result<Option<Timestamp>, Failure> {
    let now = app.now();
    let write = app.db.write().await?;
    let row = credential::Entity::find_by_id(person.0).lock_exclusive().one(&*write).await?;
    let row = row.ok_or(Failure::WrongCredentials)?;
    let before = Attempts { failures: row.failures, locked_until: row.locked_until.map(from_ms) };
    if let Some(until) = before.locked_until.filter(|until| *until > now) {
        return Err(Failure::Locked { until });
    }
    let after = before.counted(now);
    credential::Entity::update_many()
        .col_expr(credential::Column::Failures, Expr::value(after.failures))
        .col_expr(credential::Column::LockedUntil, Expr::value(after.locked_until.map(Timestamp::as_millisecond)))
        .filter(credential::Column::PersonId.eq(person.0))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(after.locked_until)
}

/// Begins a session and forgets the failures before it.
async fn begin(app: &App, person: PersonId, origin: &Origin) -> Result<SignedIn, Failure> {
    let token = random::token()?;
    let session = Session { token_hash: hash(&token), person, csrf: random::token()? };
    let now = app.now().as_millisecond();
    let write = app.db.write().await?;
    credential::Entity::update_many()
        .col_expr(credential::Column::Failures, Expr::value(0))
        .col_expr(credential::Column::LockedUntil, Expr::value(Option::<i64>::None))
        .filter(credential::Column::PersonId.eq(person.0))
        .exec(&*write)
        .await?;
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(&*write).await?;
    let row = session::ActiveModel {
        token_hash: Set(session.token_hash.clone()),
        person_id: Set(person.0),
        csrf: Set(session.csrf.clone()),
        name: Set(random::token()?),
        stage: Set("full".to_owned()),
        address: Set(origin.address.map(|address| address.to_string())),
        browser: Set(None),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now.saturating_add(app.settings.web.session_ms)),
    };
    session::Entity::insert(row).exec_without_returning(&*write).await?;
    audit::record(app, &*write, Act::done(origin.clone(), What::SignIn)).await?;
    write.commit().await?;
    Ok(SignedIn { token, session })
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
    Ok(Session { token_hash, person: PersonId(row.person_id), csrf: row.csrf })
}

/// Whether the session goes on: not signed out, not idle for too long, not too old.
///
/// # Errors
/// The database's own.
pub async fn goes_on(app: &App, session: &Session) -> Result<bool, Failure> {
    Ok(alive(app, &session.token_hash).await?.is_some())
}

async fn alive(app: &App, token_hash: &str) -> Result<Option<session::Model>, Failure> {
    let now = app.now().as_millisecond();
    let row = session::Entity::find_by_id(token_hash.to_owned()).one(app.db.reader()).await?;
    let idle_ms = app.settings.web.idle_ms;
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

/// Gives `person` a password, ends his sessions and lifts a lock.
///
/// # Errors
/// A password of fewer than 8 characters.
pub async fn set_password(app: &App, person: PersonId, password: &str, origin: Origin) -> Result<(), Failure> {
    if password.chars().count() < 8 {
        let message = Text::new("密码至少 8 个字符", "a password has at least 8 characters");
        return Err(Failure::invalid("/password", "too-short", message));
    }
    let password_hash = app.sessions.passwords.hash(&app.settings.web, password).await?;
    let write = app.db.write().await?;
    give_password(app, &write, &[person], &password_hash).await?;
    session::Entity::delete_many().filter(session::Column::PersonId.eq(person.0)).exec(&*write).await?;
    audit::record(app, &*write, Act::done(origin, What::PasswordSet).on(Object::person(person))).await?;
    write.commit().await?;
    Ok(())
}

/// Gives people a password, in the transaction of what makes them, and lifts their locks.
pub(super) async fn give_password(
    app: &App,
    transaction: &DatabaseTransaction,
    people: &[PersonId],
    password_hash: &str,
) -> Result<(), Failure> {
    let now = app.now().as_millisecond();
    for some in people.chunks(100) {
        let rows = some.iter().map(|person| credential::ActiveModel {
            person_id: Set(person.0),
            password_hash: Set(password_hash.to_owned()),
            failures: Set(0),
            locked_until: Set(None),
            changed_at: Set(now),
        });
        let replace = OnConflict::column(credential::Column::PersonId)
            .update_columns([
                credential::Column::PasswordHash,
                credential::Column::Failures,
                credential::Column::LockedUntil,
                credential::Column::ChangedAt,
            ])
            .to_owned();
        credential::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// SHA-256 of a token, in hexadecimal: the token itself is not stored.
fn hash(token: &str) -> String {
    crate::app::runner::chain::sha256(&[token.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_for_ten_minutes() {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let mut attempts = Attempts::default();
        for _ in 1..MAX_FAILURES {
            attempts = attempts.counted(now);
            assert_eq!(attempts.locked_until, None);
        }
        attempts = attempts.counted(now);
        assert_eq!(attempts.locked_until, Some("2026-03-02T01:10:00Z".parse().unwrap()));
        assert_eq!(attempts.failures, 0);
    }

    #[test]
    fn a_staff_number_in_full_width_is_the_same() {
        assert_eq!(fold_code(" １０２３ａ "), "1023a");
    }
}
