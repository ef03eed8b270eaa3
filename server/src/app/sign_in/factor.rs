//! Second factors: codes by time (TOTP, RFC 6238), each used once, and codes for when the device is lost.

use docket_engine::{
    id::PersonId,
    text::{Language, Text},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use totp_rs::{Builder, Secret, Totp};

use super::{Client, count_attempt, go_on, needs_factor, secret};
use crate::{
    app::{
        runner::chain::sha256,
        sessions::{self, Session, SignedIn, Stage},
    },
    audit::{self, Act, Object, Origin, What},
    db::entity::{recovery_code, second_factor},
    failure::Failure,
    state::App,
};

/// Bytes of a secret: as many as the hash has (RFC 4226).
const SECRET: usize = 20;
/// Codes for when the device is lost.
const RECOVERY_CODES: usize = 10;
/// The step of a factor that has not been used.
const UNUSED: i64 = -1;

/// A second factor that is to be set up.
#[derive(Debug)]
pub struct Offered {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    pub address: String,
}

/// Makes a secret for the caller; it counts once a code has confirmed it.
///
/// # Errors
/// [`Failure::NotAllowed`] where there is one already, or before the password has done; without a key in the settings.
pub async fn offer(app: &App, session: &Session, language: Language) -> Result<Offered, Failure> {
    if matches!(session.stage, Stage::Code | Stage::Password) {
        return Err(Failure::NotAllowed);
    }
    let mut bytes = [0_u8; SECRET];
    getrandom::fill(&mut bytes).map_err(Failure::internal)?;
    let person = session.person;
    let sealed = secret::seal(&key(app)?, person, &bytes)?;
    let org = app.org();
    let code = org.person(person).map_or_else(String::new, |person| person.code.clone());
    let title = app.settings.web.title.get(language).replace(':', " ");
    let totp = totp(&bytes, &code, &title)?;
    let write = app.db.write().await?;
    if confirmed(&*write, person).await?.is_some() {
        return Err(Failure::NotAllowed);
    }
    second_factor::Entity::delete_by_id(person.0).exec(&*write).await?;
    let row = second_factor::ActiveModel {
        person_id: Set(person.0),
        secret: Set(sealed),
        confirmed_at: Set(None),
        last_step: Set(UNUSED),
    };
    second_factor::Entity::insert(row).exec_without_returning(&*write).await?;
    write.commit().await?;
    let secret = Secret::from(bytes.to_vec()).to_base32();
    Ok(Offered { secret, address: totp.to_url().map_err(Failure::internal)? })
}

/// Confirms the secret with a code of it; gives the codes for when the device is lost, which are shown once, and the session
/// with which it goes on.
///
/// # Errors
/// [`Failure::Invalid`] at `/code`; [`Failure::NotAllowed`] where nothing waits for it.
pub async fn confirm(
    app: &App,
    session: &Session,
    code: &str,
    client: &Client,
) -> Result<(Vec<String>, SignedIn), Failure> {
    let person = session.person;
    let row = second_factor::Entity::find_by_id(person.0).one(app.db.reader()).await?;
    let row = row.filter(|row| row.confirmed_at.is_none()).ok_or(Failure::NotAllowed)?;
    let step = step(app, &row, code)?.ok_or_else(wrong_code)?;
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>, _>>()?;
    let write = app.db.write().await?;
    let changed = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ConfirmedAt, Expr::value(app.now().as_millisecond()))
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::PersonId.eq(person.0))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .filter(second_factor::Column::Secret.eq(row.secret))
        .exec(&*write)
        .await?;
    if changed.rows_affected != 1 {
        return Err(Failure::NotAllowed);
    }
    recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person.0)).exec(&*write).await?;
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        person_id: Set(person.0),
        code_hash: Set(recovery_hash(person, code)),
    });
    recovery_code::Entity::insert_many(rows).exec_without_returning(&*write).await?;
    audit::record(app, &*write, Act::done(Origin::http(Some(person), client.address), What::FactorSet)).await?;
    write.commit().await?;
    Ok((codes, go_on(app, session, client).await?))
}

/// Takes the caller's own second factor away, with a code of it, where none of his roles needs one.
///
/// # Errors
/// [`Failure::Invalid`] at `/code`; [`Failure::NotAllowed`]; [`Failure::Locked`].
pub async fn give_up(app: &App, session: &Session, code: &str, client: &Client) -> Result<(), Failure> {
    let person = session.person;
    if session.stage != Stage::Whole || needs_factor(app, person) {
        return Err(Failure::NotAllowed);
    }
    let locked = count_attempt(app, person).await?;
    if !check(app, person, code).await? {
        return Err(locked.map_or_else(wrong_code, |until| Failure::Locked { until }));
    }
    remove(app, person, Origin::http(Some(person), client.address)).await
}

/// Takes somebody's second factor away.
///
/// # Errors
/// The database's own.
pub(super) async fn remove(app: &App, person: PersonId, origin: Origin) -> Result<(), Failure> {
    let write = app.db.write().await?;
    second_factor::Entity::delete_by_id(person.0).exec(&*write).await?;
    recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person.0)).exec(&*write).await?;
    sessions::forget_failures(&*write, person).await?;
    audit::record(app, &*write, Act::done(origin, What::FactorRemoved).on(Object::person(person))).await?;
    Ok(write.commit().await?)
}

/// Whether somebody has a second factor that counts.
///
/// # Errors
/// The database's own.
pub async fn has(app: &App, person: PersonId) -> Result<bool, Failure> {
    Ok(confirmed(app.db.reader(), person).await?.is_some())
}

async fn confirmed<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Option<second_factor::Model>, Failure> {
    let row = second_factor::Entity::find_by_id(person.0).one(db).await?;
    Ok(row.filter(|row| row.confirmed_at.is_some()))
}

/// Whether `code` is one of now that has not been used, or one for when the device is lost, which is used up by that.
pub(super) async fn check(app: &App, person: PersonId, code: &str) -> Result<bool, Failure> {
    let Some(row) = confirmed(app.db.reader(), person).await? else { return Ok(false) };
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(32).collect();
    let Some(step) = step(app, &row, &code)? else { return use_up(app, person, &code).await };
    let write = app.db.write().await?;
    // Each code is used once: of two at the same time one is late.
    let used = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::PersonId.eq(person.0))
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(used.rows_affected == 1)
}

async fn use_up(app: &App, person: PersonId, code: &str) -> Result<bool, Failure> {
    let write = app.db.write().await?;
    let used = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .filter(recovery_code::Column::CodeHash.eq(recovery_hash(person, &code.to_lowercase())))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(used.rows_affected == 1)
}

/// The step of which `code` is the code, within one step of now.
fn step(app: &App, row: &second_factor::Model, code: &str) -> Result<Option<i64>, Failure> {
    let secret = secret::open(&key(app)?, PersonId(row.person_id), &row.secret)?;
    let code: String = code.chars().filter(char::is_ascii_digit).take(8).collect();
    let now = u64::try_from(app.now().as_second()).unwrap_or(0);
    Ok(totp(&secret, "docket", "docket")?.check(&code, now).and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &[u8], account: &str, issuer: &str) -> Result<Totp, Failure> {
    let account = if account.is_empty() { "docket" } else { account };
    Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some(issuer))
        .build()
        .map_err(Failure::internal)
}

fn key(app: &App) -> Result<[u8; 32], Failure> {
    app.settings.security.second_factor.key.ok_or_else(|| {
        let message = Text::new(
            "尚未启用动态口令：请管理员在安全设置中填写 second_factor.key",
            "second factors are not in use here: the administrator must set second_factor.key",
        );
        Failure::invalid("", "not-in-use", message)
    })
}

fn wrong_code() -> Failure {
    Failure::invalid("/code", "wrong", Text::new("动态口令不正确或已用过", "the code is wrong, or has been used"))
}

/// A code of ten characters that are hard to mistake.
fn recovery_code() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let mut bytes = [0_u8; 10];
    getrandom::fill(&mut bytes).map_err(Failure::internal)?;
    Ok(bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect())
}

fn recovery_hash(person: PersonId, code: &str) -> String {
    sha256(&[person.to_string().as_bytes(), b":", code.as_bytes()])
}
