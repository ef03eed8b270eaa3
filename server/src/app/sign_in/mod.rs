//! Signing in, step by step: the password, the code of a second factor, a new password where the old one has grown old, and the
//! setting up of a second factor where one is required. Between the steps there is a session that opens nothing else.

pub mod accounts;
pub mod factor;
pub mod own;
pub mod passwords;
mod secret;

use std::net::IpAddr;

use docket_engine::id::PersonId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::sessions::{self, Attempts, Session, SignedIn, Stage};
use crate::{
    access::{Subject, duty},
    audit::{self, Act, Origin, What},
    clock::from_ms,
    db::entity::{credential, second_factor},
    failure::Failure,
    state::App,
};

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address.
    pub address: Option<IpAddr>,
    /// The browser, as it names itself.
    pub browser: Option<String>,
}

/// Signs in with a staff number and a password; the session may want further steps.
///
/// # Errors
/// [`Failure::WrongCredentials`], [`Failure::Locked`]; a staff number that nobody has answers alike, and as slowly.
pub async fn sign_in(app: &App, code: &str, password: &str, client: &Client) -> Result<SignedIn, Failure> {
    let code = fold_code(code);
    let person = app.org().people().find(|person| person.code == code && person.active).map(|person| person.id);
    let origin = Origin::http(person, client.address);
    let signed_in = async {
        let person = attempt(app, person, &code, password).await?;
        let stage = stage(app, person, false).await?;
        sessions::put(app, person, (stage, None), client.browser.as_deref(), &origin).await
    };
    match signed_in.await {
        Ok(signed_in) => Ok(signed_in),
        Err(failure) => {
            // What was typed as a number that nobody has may be a password: it is not written down.
            let reason = if person.is_none() { "unknown" } else { reason(&failure) };
            audit::recorded(app, Act::refused(origin, What::SignIn).with("reason", reason)).await?;
            Err(failure)
        }
    }
}

/// Goes on with the code of the second factor, or one of the codes for when it is lost.
///
/// # Errors
/// [`Failure::WrongCode`], [`Failure::Locked`]; [`Failure::NotAllowed`] where no code is wanted.
pub async fn code(app: &App, session: &Session, code: &str, client: &Client) -> Result<SignedIn, Failure> {
    if session.stage != Stage::Code {
        return Err(Failure::NotAllowed);
    }
    let origin = Origin::http(Some(session.person), client.address);
    let checked = async {
        let locked = count_attempt(app, session.person).await?;
        if factor::check(app, session.person, code).await? {
            return Ok(());
        }
        Err(locked.map_or(Failure::WrongCode, |until| Failure::Locked { until }))
    };
    if let Err(failure) = checked.await {
        audit::recorded(app, Act::refused(origin, What::SignIn).with("reason", reason(&failure))).await?;
        return Err(failure);
    }
    go_on(app, session, client).await
}

/// The next step of somebody whose second factor, where he has one, is proved.
pub(super) async fn go_on(app: &App, session: &Session, client: &Client) -> Result<SignedIn, Failure> {
    let stage = stage(app, session.person, true).await?;
    let origin = Origin::http(Some(session.person), client.address);
    sessions::put(app, session.person, (stage, Some(session)), client.browser.as_deref(), &origin).await
}

/// What is wanted next.
async fn stage(app: &App, person: PersonId, proved: bool) -> Result<Stage, Failure> {
    let db = app.db.reader();
    let factor = second_factor::Entity::find_by_id(person.0).one(db).await?;
    let has_factor = factor.is_some_and(|factor| factor.confirmed_at.is_some());
    if has_factor && !proved {
        return Ok(Stage::Code);
    }
    let credential = credential::Entity::find_by_id(person.0).one(db).await?.ok_or(Failure::WrongCredentials)?;
    if credential.must_change || passwords::is_old(app, &credential) {
        return Ok(Stage::Password);
    }
    Ok(if !has_factor && needs_factor(app, person) { Stage::SetUp } else { Stage::Whole })
}

/// Whether one of the person's roles or duties needs a second factor.
pub(super) fn needs_factor(app: &App, person: PersonId) -> bool {
    let required = &app.settings.security.second_factor.required;
    if required.is_empty() {
        return false;
    }
    let (org, registry) = (app.org(), app.registry());
    let duties = duty::held(registry.organisation.as_deref(), &org, person);
    duties.iter().any(|duty| required.contains(duty.code()))
        || Subject::of(&org, person).roles.iter().any(|role| required.contains(role.as_str()))
}

/// Why a sign-in was refused, as the log tells it.
const fn reason(failure: &Failure) -> &'static str {
    match failure {
        Failure::WrongCredentials => "password",
        Failure::WrongCode => "code",
        Failure::Locked { .. } => "locked",
        _ => "failed",
    }
}

/// Tries a password; gives whose it is.
async fn attempt(app: &App, person: Option<PersonId>, code: &str, password: &str) -> Result<PersonId, Failure> {
    let stored = match person {
        Some(person) => credential::Entity::find_by_id(person.0).one(app.db.reader()).await?,
        None => None,
    };
    let (Some(person), Some(stored)) = (person, stored) else {
        let locked = app.sessions.unknown_attempt(code, app.settings.security.lock, app.now())?;
        app.sessions.passwords.verify_nothing(&app.settings.web, password).await?;
        return Err(locked.map_or(Failure::WrongCredentials, |until| Failure::Locked { until }));
    };
    // The attempt is counted before it is tried, so that many at once are no more than allowed.
    let locked = count_attempt(app, person).await?;
    if !app.sessions.passwords.verify(password, stored.password_hash).await? {
        return Err(locked.map_or(Failure::WrongCredentials, |until| Failure::Locked { until }));
    }
    Ok(person)
}

/// Full-width digits and letters count as half-width ones; spaces around do not count.
fn fold_code(code: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    code.trim().chars().take(64).nfkc().collect()
}

/// Counts an attempt; gives the end of the lock that it brought, if it did.
pub(super) async fn count_attempt(app: &App, person: PersonId) -> Result<Option<Timestamp>, Failure> {
    let now = app.now();
    let write = app.db.write().await?;
    let row = credential::Entity::find_by_id(person.0).lock_exclusive().one(&*write).await?;
    let row = row.ok_or(Failure::WrongCredentials)?;
    let before = Attempts { failures: row.failures, locked_until: row.locked_until.map(from_ms) };
    if let Some(until) = before.locked_until.filter(|until| *until > now) {
        return Err(Failure::Locked { until });
    }
    let after = before.counted(app.settings.security.lock, now);
    credential::Entity::update_many()
        .col_expr(credential::Column::Failures, Expr::value(after.failures))
        .col_expr(credential::Column::LockedUntil, Expr::value(after.locked_until.map(Timestamp::as_millisecond)))
        .filter(credential::Column::PersonId.eq(person.0))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(after.locked_until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_number_in_full_width_is_the_same() {
        assert_eq!(fold_code(" １０２３ａ "), "1023a");
    }
}
