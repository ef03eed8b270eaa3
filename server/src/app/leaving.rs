//! Somebody leaves: he is disabled, never deleted, and his open tasks go where the administrator says.

use std::collections::BTreeSet;

use docket_engine::{command::Handover, id::PersonId, org::Org, text::Text};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{
    acting,
    follow_ups::{self, Work},
    org,
    stand_ins::administrator,
};
use crate::{
    api::{
        caller::Caller,
        org::{LeavingInput, LeavingTasks},
    },
    audit::{self, Act, Object, What},
    db::entity::{person, session},
    failure::Failure,
    push::Stale,
};

/// Disables a person: his sessions end at once, his open tasks follow as a job.
///
/// # Errors
/// [`Failure::Forbidden`]; oneself, and the last one with a duty of administration, are refused.
pub async fn disable(caller: &Caller, id: &str, input: &LeavingInput) -> Result<(), Failure> {
    administrator(caller)?;
    let app = &caller.app;
    let (org, leaving) = (app.org(), known(caller, id)?);
    if leaving == caller.person.id {
        return Err(refused("himself", "不能停用本人的账号", "nobody disables his own account"));
    }
    if is_last_of_a_duty(caller, &org, leaving) {
        return Err(refused(
            "last-of-duty",
            "这是该管理员职责的最后一人，请先让其他人担任",
            "nobody else holds this duty of administration: give it to somebody first",
        ));
    }
    let to = handover(&org, leaving, input)?;
    let write = app.db.write().await?;
    set_active(&write, leaving, false).await?;
    session::Entity::delete_many().filter(session::Column::PersonId.eq(leaving.0)).exec(&*write).await?;
    let work = Work::HandOver { person: leaving, to };
    follow_ups::begin(app, &write, &work, (Some(caller.person.id), app.now())).await?;
    org::changed(app, &write).await?;
    let act = Act::done(caller.origin(), What::PersonDisabled).on(Object::person(leaving));
    audit::record(app, &*write, act.with("tasks", format!("{:?}", input.tasks))).await?;
    write.commit().await?;
    changed(caller).await
}

/// A person who was disabled is here again. The posts that he still holds give him work again.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn enable(caller: &Caller, id: &str) -> Result<(), Failure> {
    administrator(caller)?;
    let (app, back) = (&caller.app, known(caller, id)?);
    let write = app.db.write().await?;
    set_active(&write, back, true).await?;
    follow_ups::begin(app, &write, &Work::Resolve, (Some(caller.person.id), app.now())).await?;
    org::changed(app, &write).await?;
    audit::record(app, &*write, Act::done(caller.origin(), What::PersonEnabled).on(Object::person(back))).await?;
    write.commit().await?;
    changed(caller).await
}

async fn set_active(db: &sea_orm::DatabaseTransaction, of: PersonId, active: bool) -> Result<(), Failure> {
    person::Entity::update_many()
        .col_expr(person::Column::Active, Expr::value(active))
        .filter(person::Column::Id.eq(of.0))
        .exec(db)
        .await?;
    Ok(())
}

async fn changed(caller: &Caller) -> Result<(), Failure> {
    org::reload(&caller.app).await?;
    caller.app.wake.follow_ups.notify_one();
    caller.app.hub.tell(Stale::everything());
    Ok(())
}

fn known(caller: &Caller, id: &str) -> Result<PersonId, Failure> {
    let person = acting::person(id, "/person").map_err(|_| Failure::NotFound)?;
    caller.app.org().person(person).map(|found| found.id).ok_or(Failure::NotFound)
}

fn refused(code: &'static str, zh: &str, en: &str) -> Failure {
    Failure::invalid("/person", code, Text::new(zh, en))
}

/// Whether somebody alone holds a duty of administration.
fn is_last_of_a_duty(caller: &Caller, org: &Org, leaving: PersonId) -> bool {
    let form = caller.published.registry.organisation.as_ref();
    let duties = form.into_iter().flat_map(|form| &form.posts).filter(|post| post.duty.is_some());
    let his: Vec<_> = duties.filter(|post| org.holdings_of(leaving).any(|holding| holding.post == post.name)).collect();
    his.iter().any(|post| {
        let same = form.into_iter().flat_map(|form| &form.posts).filter(|other| other.duty == post.duty);
        same.flat_map(|other| org.holders_anywhere(&other.name)).all(|person| person == leaving)
    })
}

/// What becomes of the tasks, by the rule that the administrator chose.
fn handover(org: &Org, leaving: PersonId, input: &LeavingInput) -> Result<Handover, Failure> {
    Ok(match input.tasks {
        LeavingTasks::Candidates => Handover::Candidates,
        LeavingTasks::Incident => Handover::Nobody,
        LeavingTasks::Successor => {
            let mut people = successors(org, leaving);
            people.remove(&leaving);
            Handover::People { people: people.into_iter().collect() }
        }
        LeavingTasks::Person => {
            let to = acting::person(input.person.as_deref().unwrap_or_default(), "/person")?;
            if to == leaving || !org.person(to).is_some_and(|found| found.active) {
                return Err(refused("unknown-person", "请选择在职的其他人员", "choose somebody else who is here"));
            }
            Handover::People { people: vec![to] }
        }
    })
}

/// Who holds the same posts in the same units.
fn successors(org: &Org, leaving: PersonId) -> BTreeSet<PersonId> {
    org.holdings_of(leaving)
        .flat_map(|holding| match holding.unit {
            Some(unit) => org.holders(&holding.post, unit).to_vec(),
            None => org.holders_anywhere(&holding.post),
        })
        .collect()
}
