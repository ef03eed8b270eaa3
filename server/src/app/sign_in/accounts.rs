//! The system administrator's work on accounts and sessions.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{id::PersonId, org::Person};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{factor, own, passwords};
use crate::{
    access::{Console, duty},
    api::{
        caller::Caller,
        page::Page,
        security::{AccountView, Accounts, Sessions},
    },
    app::{pinyin, sessions},
    audit::{self, Act, Object, What},
    clock::from_ms,
    db::entity::{credential, second_factor, session},
    failure::Failure,
};

/// Everybody's accounts, by staff number.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn accounts(caller: &Caller, q: &str, page: Page) -> Result<Accounts, Failure> {
    caller.require(Console::Accounts)?;
    let (app, org) = (&caller.app, caller.app.org());
    let query = pinyin::Query::new(q);
    let mut people: Vec<&Person> = org.people().filter(|person| found(person, &query)).collect();
    people.sort_by(|one, other| one.code.cmp(&other.code));
    let total = people.len() as u64;
    let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let shown: Vec<&Person> = people.into_iter().skip(offset).take(page.size as usize).collect();
    let ids: Vec<i64> = shown.iter().map(|person| person.id.0).collect();
    let db = app.db.reader();
    let credentials =
        credential::Entity::find().filter(credential::Column::PersonId.is_in(ids.clone())).all(db).await?;
    let credentials: BTreeMap<i64, credential::Model> =
        credentials.into_iter().map(|row| (row.person_id, row)).collect();
    let factors = second_factor::Entity::find()
        .filter(second_factor::Column::PersonId.is_in(ids.clone()))
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .all(db)
        .await?;
    let factors: BTreeSet<i64> = factors.into_iter().map(|row| row.person_id).collect();
    let open =
        session::Entity::find().filter(session::Column::PersonId.is_in(ids)).filter(own::alive(app)).all(db).await?;
    let registry = app.registry();
    let form = registry.organisation.as_deref();
    let now = app.now();
    let view = |person: &Person| {
        let credential = credentials.get(&person.id.0);
        let locked = credential.and_then(|row| row.locked_until).map(from_ms).filter(|until| *until > now);
        AccountView {
            id: person.id.to_string(),
            code: person.code.clone(),
            name: person.name.clone(),
            title: person.title.clone(),
            active: person.active,
            has_password: credential.is_some(),
            must_change: credential.is_some_and(|row| row.must_change),
            locked_until: locked.map(|until| until.to_string()),
            second_factor: factors.contains(&person.id.0),
            sessions: open.iter().filter(|row| row.person_id == person.id.0).count() as u64,
            duties: duty::held(form, &org, person.id).into_iter().map(|duty| duty.code().to_owned()).collect(),
        }
    };
    Ok(Accounts { rows: shown.into_iter().map(view).collect(), total })
}

fn found(person: &Person, query: &pinyin::Query) -> bool {
    query.rank(&person.name).is_some() || query.rank_exactly(&person.code).is_some()
}

/// Gives somebody a password that he changes when he signs in.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`], a password that is not as the settings want it.
pub async fn set_password(caller: &Caller, person: &str, password: &str) -> Result<(), Failure> {
    let person = other(caller, person)?;
    passwords::set(&caller.app, person, password, caller.origin()).await
}

/// Lifts a lock.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn unlock(caller: &Caller, person: &str) -> Result<(), Failure> {
    let person = other(caller, person)?;
    let write = caller.app.db.write().await?;
    sessions::forget_failures(&*write, person).await?;
    let act = Act::done(caller.origin(), What::Unlocked).on(Object::person(person));
    audit::record(&caller.app, &*write, act).await?;
    Ok(write.commit().await?)
}

/// Takes somebody's second factor away, for when the device and the codes are lost.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn remove_factor(caller: &Caller, person: &str) -> Result<(), Failure> {
    let person = other(caller, person)?;
    factor::remove(&caller.app, person, caller.origin()).await
}

/// The person called so, whose account the caller may work on: never his own, for which there is another page.
fn other(caller: &Caller, person: &str) -> Result<PersonId, Failure> {
    caller.require(Console::Accounts)?;
    let person = PersonId(person.parse().map_err(|_| Failure::NotFound)?);
    let there = caller.app.org().person(person).is_some();
    if !there {
        return Err(Failure::NotFound);
    }
    if person == caller.session.person {
        return Err(Failure::NotAllowed);
    }
    Ok(person)
}

/// Everybody's sessions, the latest first.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn all_sessions(caller: &Caller, page: Page) -> Result<Sessions, Failure> {
    caller.require(Console::Sessions)?;
    let query = session::Entity::find().filter(own::alive(&caller.app));
    let db = caller.app.db.reader();
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_asc(session::Column::TokenHash)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok(Sessions { rows: rows.into_iter().map(|row| own::view(caller, row)).collect(), total })
}

/// Ends somebody's session.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn end_session(caller: &Caller, name: &str) -> Result<(), Failure> {
    caller.require(Console::Sessions)?;
    own::end_named(caller, name, None).await
}
