//! Acting in somebody's name: choosing for whom, and ending that as the one in whose name it is (R17).
//!
//! Who may is the organisation's: the attribute that its form names. What he may do then is what the policies grant that person,
//! no further than they let others do for him (`act_for`).

use docket_engine::{id::PersonId, text::Text};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use super::{labels, org, sessions};
use crate::{
    api::{
        acting::{ActingView, ThroughView},
        caller::Caller,
        session::Me,
    },
    audit::{self, Act, Object, Origin, What},
    db::entity::{acting_ended, session},
    failure::Failure,
    random,
};

/// In whose name the caller may act, and who acts in his.
#[must_use]
pub fn view(caller: &Caller) -> ActingView {
    let organisation = caller.app.organisation();
    let own = caller.own().id;
    ActingView {
        may_act_for: organisation.acting.people_of(own).map(|person| labels::person(caller, person)).collect(),
        through: organisation
            .acting
            .through(own)
            .map(|(person, ended)| ThroughView { person: labels::person(caller, person), ended })
            .collect(),
    }
}

/// From now on the caller's session acts in `person`'s name; none: for himself.
///
/// # Errors
/// [`Failure::Forbidden`] where he may not act in that person's name.
pub async fn choose(caller: &Caller, person: Option<PersonId>) -> Result<Me, Failure> {
    let organisation = caller.app.organisation();
    if person.is_some_and(|person| !organisation.acting.may(caller.session.person, person)) {
        return Err(Failure::Forbidden);
    }
    if person == caller.session.acting_for {
        return Ok(super::me::me(caller));
    }
    let session = sessions::act_for(&caller.app, &caller.session, person).await?;
    let act = Act::done(Origin { for_whom: person, ..caller.origin() }, What::ActingChosen);
    audit::recorded(&caller.app, act).await?;
    let caller = Caller::new(caller.app.clone(), session, caller.language).await?;
    Ok(super::me::me(&caller))
}

/// The caller ends that `through` acts in his name, or allows it again. It takes effect at once: sessions that act so go on for
/// themselves.
///
/// # Errors
/// [`Failure::OnlyHimself`] in somebody's name; somebody who is not meant to act for him.
pub async fn allow(caller: &Caller, through: PersonId, allowed: bool) -> Result<ActingView, Failure> {
    caller.himself()?;
    let (app, me) = (&caller.app, caller.person.id);
    if !app.organisation().acting.through(me).any(|(person, _)| person == through) {
        return Err(Failure::NotFound);
    }
    let write = app.db.write().await?;
    if allowed {
        acting_ended::Entity::delete_by_id((me.0, through.0)).exec(&*write).await?;
    } else {
        let row = acting_ended::ActiveModel {
            person_id: Set(me.0),
            through_id: Set(through.0),
            ended_at: Set(app.now().as_millisecond()),
        };
        let columns = [acting_ended::Column::PersonId, acting_ended::Column::ThroughId];
        let known = OnConflict::columns(columns).update_column(acting_ended::Column::EndedAt).to_owned();
        acting_ended::Entity::insert(row).on_conflict(known).exec_without_returning(&*write).await?;
        // A new token for each: pages that still show his name can not change anything.
        let acting = session::Entity::find()
            .filter(session::Column::PersonId.eq(through.0))
            .filter(session::Column::ActingFor.eq(me.0))
            .all(&*write)
            .await?;
        for row in acting {
            let changed = session::ActiveModel {
                acting_for: Set(None),
                csrf: Set(random::token()?),
                ..session::ActiveModel::from(row)
            };
            session::Entity::update(changed).exec(&*write).await?;
        }
    }
    org::changed(app, &write).await?;
    let what = if allowed { What::ActingAllowed } else { What::ActingEnded };
    audit::record(app, &*write, Act::done(caller.origin(), what).on(Object::person(through))).await?;
    write.commit().await?;
    org::reload(app).await?;
    app.hub.tell(crate::push::Stale::everything());
    Ok(view(caller))
}

/// A person's id as it is sent.
///
/// # Errors
/// A text that is none.
pub fn person(text: &str, pointer: &str) -> Result<PersonId, Failure> {
    let message = || Text::new("请选择人员", "choose a person");
    text.parse().map(PersonId).map_err(|_| Failure::invalid(pointer, "type", message()))
}
