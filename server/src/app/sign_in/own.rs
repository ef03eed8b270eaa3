//! One's own sessions.

use docket_engine::id::PersonId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::ExprTrait as _};

use super::{factor, needs_factor};
use crate::{
    api::{
        caller::Caller,
        security::{SecurityView, SessionView},
    },
    app::sessions::Stage,
    audit::{self, Act, Object, What},
    clock::from_ms,
    db::entity::session,
    failure::Failure,
    state::App,
};

/// The caller's sessions, the newest first.
async fn sessions(caller: &Caller) -> Result<Vec<SessionView>, Failure> {
    let rows = session::Entity::find()
        .filter(session::Column::PersonId.eq(caller.session.person.0))
        .filter(alive(&caller.app))
        .order_by_desc(session::Column::CreatedAt)
        .all(caller.app.db.reader())
        .await?;
    Ok(rows.into_iter().map(|row| view(caller, row)).collect())
}

/// The caller's own security.
///
/// # Errors
/// The database's own.
pub async fn security(caller: &Caller) -> Result<SecurityView, Failure> {
    let person = caller.session.person;
    Ok(SecurityView {
        second_factor: factor::has(&caller.app, person).await?,
        second_factor_needed: needs_factor(&caller.app, person),
        second_factors: caller.app.settings.security.second_factor.key.is_some(),
        sessions: sessions(caller).await?,
    })
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// [`Failure::NotFound`] where he has none of this name.
pub async fn end(caller: &Caller, name: &str) -> Result<(), Failure> {
    end_named(caller, name, Some(caller.session.person)).await
}

/// Ends the session of this name, of `person` alone where one is given.
pub(super) async fn end_named(caller: &Caller, name: &str, person: Option<PersonId>) -> Result<(), Failure> {
    let app = &caller.app;
    let write = app.db.write().await?;
    let row = session::Entity::find().filter(session::Column::Name.eq(name)).one(&*write).await?;
    let row = row.filter(|row| !name.is_empty() && person.is_none_or(|person| person.0 == row.person_id));
    let row = row.ok_or(Failure::NotFound)?;
    session::Entity::delete_by_id(row.token_hash.clone()).exec(&*write).await?;
    let act = Act::done(caller.origin(), What::SessionEnded).on(Object::person(PersonId(row.person_id)));
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    app.sessions.end(&row.token_hash);
    Ok(())
}

/// Sessions that go on and are whole.
pub(super) fn alive(app: &App) -> sea_orm::sea_query::SimpleExpr {
    let now = app.now().as_millisecond();
    session::Column::ExpiresAt
        .gt(now)
        .and(session::Column::LastSeenAt.gt(now.saturating_sub(app.settings.security.session.idle_ms)))
        .and(session::Column::Stage.eq(Stage::Whole.code()))
}

/// A session as it is shown.
pub(super) fn view(caller: &Caller, row: session::Model) -> SessionView {
    let org = caller.app.org();
    let person = org.person(PersonId(row.person_id));
    SessionView {
        current: row.token_hash == caller.session.token_hash,
        name: row.name,
        person: crate::api::views::Ref {
            id: row.person_id.to_string(),
            name: person.map_or_else(String::new, |person| person.name.clone()),
        },
        address: row.address,
        browser: row.browser,
        created_at: from_ms(row.created_at).to_string(),
        last_seen_at: from_ms(row.last_seen_at).to_string(),
    }
}
