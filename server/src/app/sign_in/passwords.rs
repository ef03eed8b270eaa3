//! Passwords: what they must be like, who gives them, and how they are changed.

use docket_engine::{id::PersonId, text::Text};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::{Client, count_attempt, go_on};
use crate::{
    app::sessions::{self, Session, SignedIn, Stage},
    audit::{self, Act, Object, Origin, What},
    clock::from_ms,
    db::entity::{credential, password_before},
    failure::Failure,
    state::App,
};

/// Whether a password has to be changed because of its age.
pub(super) fn is_old(app: &App, credential: &credential::Model) -> bool {
    let age = app.settings.security.password.age;
    age.is_some_and(|age| from_ms(credential.changed_at).checked_add(age).is_ok_and(|end| end <= app.now()))
}

/// Gives `person` a password that he changes when he signs in; ends his sessions and lifts a lock.
///
/// # Errors
/// A password that is not as the settings want it.
pub async fn set(app: &App, person: PersonId, password: &str, origin: Origin) -> Result<(), Failure> {
    fits(app, &code_of(app, person), password, "/password")?;
    let password_hash = app.sessions.passwords.hash(&app.settings.web, password).await?;
    let write = app.db.write().await?;
    remember(app, &*write, person).await?;
    give(app, &*write, &[person], &password_hash, app.settings.security.password.first_change).await?;
    let ended = sessions::end_of(&*write, person, None).await?;
    audit::record(app, &*write, Act::done(origin, What::PasswordSet).on(Object::person(person))).await?;
    write.commit().await?;
    for token_hash in &ended {
        app.sessions.end(token_hash);
    }
    Ok(())
}

/// Somebody changes his own password; his other sessions end, and signing in goes on where it waited for that.
///
/// # Errors
/// [`Failure::Invalid`] at `/old` or `/new`; [`Failure::Locked`]; [`Failure::NotAllowed`] before the second factor is proved.
pub async fn change(app: &App, session: &Session, old: &str, new: &str, client: &Client) -> Result<SignedIn, Failure> {
    if session.stage == Stage::Code {
        return Err(Failure::NotAllowed);
    }
    let person = session.person;
    let stored = credential::Entity::find_by_id(person.0).one(app.db.reader()).await?.ok_or(Failure::NotSignedIn)?;
    let locked = count_attempt(app, person).await?;
    if !app.sessions.passwords.verify(old, stored.password_hash.clone()).await? {
        let act = Act::refused(Origin::http(Some(person), client.address), What::PasswordChanged);
        audit::recorded(app, act.with("reason", "password")).await?;
        let wrong = || Failure::invalid("/old", "wrong", Text::new("原密码不正确", "this is not the password"));
        return Err(locked.map_or_else(wrong, |until| Failure::Locked { until }));
    }
    let write = app.db.write().await?;
    sessions::forget_failures(&*write, person).await?;
    write.commit().await?;
    fits(app, &code_of(app, person), new, "/new")?;
    is_new(app, person, &stored, new).await?;
    let password_hash = app.sessions.passwords.hash(&app.settings.web, new).await?;
    let write = app.db.write().await?;
    remember(app, &*write, person).await?;
    give(app, &*write, &[person], &password_hash, false).await?;
    let ended = sessions::end_of(&*write, person, Some(&session.token_hash)).await?;
    let act = Act::done(Origin::http(Some(person), client.address), What::PasswordChanged);
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    for token_hash in &ended {
        app.sessions.end(token_hash);
    }
    go_on(app, session, client).await
}

fn code_of(app: &App, person: PersonId) -> String {
    app.org().person(person).map(|person| person.code.clone()).unwrap_or_default()
}

/// Whether a password is long enough, of enough classes, and does not contain the staff number `code`.
pub(in crate::app) fn fits(app: &App, code: &str, password: &str, at: &'static str) -> Result<(), Failure> {
    let rules = &app.settings.security.password;
    if password.chars().count() < rules.length {
        let message = Text::new(
            format!("密码至少 {} 个字符", rules.length),
            format!("a password has at least {} characters", rules.length),
        );
        return Err(Failure::invalid(at, "too-short", message));
    }
    if classes(password) < rules.classes {
        let message = Text::new(
            format!("密码应包含大写字母、小写字母、数字、其他字符中的至少 {} 类", rules.classes),
            format!("use at least {} of: capitals, small letters, digits, other characters", rules.classes),
        );
        return Err(Failure::invalid(at, "too-simple", message));
    }
    if !code.is_empty() && password.to_lowercase().contains(&code.to_lowercase()) {
        let message = Text::new("密码不能包含工号", "a password does not contain the staff number");
        return Err(Failure::invalid(at, "staff-number", message));
    }
    Ok(())
}

/// How many classes of characters a password has.
fn classes(password: &str) -> usize {
    let of = |is: fn(char) -> bool| usize::from(password.chars().any(is));
    of(char::is_lowercase) + of(char::is_uppercase) + of(char::is_numeric) + of(|c| !c.is_alphanumeric())
}

/// Whether a password is none of the last ones.
async fn is_new(app: &App, person: PersonId, now: &credential::Model, new: &str) -> Result<(), Failure> {
    let history = app.settings.security.password.history;
    let before = password_before::Entity::find()
        .filter(password_before::Column::PersonId.eq(person.0))
        .order_by_desc(password_before::Column::Id)
        .limit(history.saturating_sub(1))
        .all(app.db.reader())
        .await?;
    let hashes = std::iter::once(now.password_hash.clone()).chain(before.into_iter().map(|row| row.password_hash));
    for hash in hashes {
        if app.sessions.passwords.verify(new, hash).await? {
            let message = Text::new(
                format!("不能与最近 {history} 次用过的密码相同"),
                format!("it must differ from the last {history} passwords"),
            );
            return Err(Failure::invalid("/new", "used-before", message));
        }
    }
    Ok(())
}

/// Keeps the password that is about to be replaced, and no more than may be asked for.
async fn remember<C: ConnectionTrait>(app: &App, db: &C, person: PersonId) -> Result<(), Failure> {
    let Some(credential) = credential::Entity::find_by_id(person.0).one(db).await? else { return Ok(()) };
    let row = password_before::ActiveModel {
        id: NotSet,
        person_id: Set(person.0),
        password_hash: Set(credential.password_hash),
        at: Set(app.now().as_millisecond()),
    };
    password_before::Entity::insert(row).exec_without_returning(db).await?;
    let oldest = password_before::Entity::find()
        .filter(password_before::Column::PersonId.eq(person.0))
        .order_by_desc(password_before::Column::Id)
        .offset(app.settings.security.password.history)
        .limit(1)
        .one(db)
        .await?;
    if let Some(oldest) = oldest {
        password_before::Entity::delete_many()
            .filter(password_before::Column::PersonId.eq(person.0))
            .filter(password_before::Column::Id.lte(oldest.id))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Gives people a password, in the transaction of what makes them, and lifts their locks.
pub(in crate::app) async fn give<C: ConnectionTrait>(
    app: &App,
    db: &C,
    people: &[PersonId],
    password_hash: &str,
    must_change: bool,
) -> Result<(), Failure> {
    let now = app.now().as_millisecond();
    for some in people.chunks(100) {
        let rows = some.iter().map(|person| credential::ActiveModel {
            person_id: Set(person.0),
            password_hash: Set(password_hash.to_owned()),
            failures: Set(0),
            locked_until: Set(None),
            changed_at: Set(now),
            must_change: Set(must_change),
        });
        let replace = OnConflict::column(credential::Column::PersonId)
            .update_columns([
                credential::Column::PasswordHash,
                credential::Column::Failures,
                credential::Column::LockedUntil,
                credential::Column::ChangedAt,
                credential::Column::MustChange,
            ])
            .to_owned();
        credential::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(db).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::classes;

    #[test]
    fn classes_are_counted() {
        for (password, count) in [("abc", 1), ("abcD", 2), ("abcD1", 3), ("abcD1!", 4), ("密码1 ", 2)] {
            assert_eq!(classes(password), count, "{password}");
        }
    }
}
