//! Who stands in for whom while he is away, from one day to another. It begins and ends with the days themselves: who may do
//! a task is asked when he does it.

use docket_engine::{id::PersonId, text::Text};
use jiff::civil::Date;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::Expr,
};

use super::{acting, labels, org};
use crate::{
    access::duty::Console,
    api::{
        caller::Caller,
        page::Page,
        stand_ins::{StandInInput, StandInView, StandInsPage},
    },
    audit::{self, Act, Object, What},
    clock::from_ms,
    db::{days, entity::stand_in},
    failure::{Failure, Fault},
    push::Stale,
};

/// The longest absence, in days.
const LONGEST: i32 = 366;
/// The most stand-ins of one person that are not over.
const MOST: u64 = 20;

/// Whose stand-ins are asked for, or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The caller's own, and those whom he stands in for.
    Own,
    /// Everybody's: for the system administrator.
    All,
}

/// Stand-ins that are not over, the next first.
///
/// # Errors
/// [`Failure::Forbidden`] where all are asked for without the duty.
pub async fn page(caller: &Caller, whose: Whose, page: Page) -> Result<StandInsPage, Failure> {
    let mut select = stand_in::Entity::find()
        .filter(stand_in::Column::EndedAt.is_null())
        .filter(stand_in::Column::ToDay.gte(days::from_date(caller.app.today())));
    match whose {
        Whose::All => administrator(caller)?,
        Whose::Own => {
            let me = caller.person.id.0;
            select = select.filter(
                Condition::any().add(stand_in::Column::PersonId.eq(me)).add(stand_in::Column::StandInId.eq(me)),
            );
        }
    }
    let db = caller.app.db.reader();
    let total = select.clone().count(db).await?;
    let rows = select
        .order_by_asc(stand_in::Column::FromDay)
        .order_by_asc(stand_in::Column::Id)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok(StandInsPage { rows: rows.iter().map(|row| view(caller, row)).collect(), total })
}

fn view(caller: &Caller, row: &stand_in::Model) -> StandInView {
    let (from, to, today) = (days::to_date(row.from_day), days::to_date(row.to_day), caller.app.today());
    StandInView {
        id: row.id.to_string(),
        person: labels::person(caller, PersonId(row.person_id)),
        stand_in: labels::person(caller, PersonId(row.stand_in_id)),
        from: from.to_string(),
        to: to.to_string(),
        now: from <= today && today <= to,
        set_by: row.set_by.map(|person| labels::person(caller, PersonId(person))),
        set_at: from_ms(row.set_at).to_string(),
    }
}

/// Sets a stand-in: a person for himself, the system administrator for anybody.
///
/// # Errors
/// [`Failure::OnlyHimself`], [`Failure::Forbidden`]; a fault for each thing that can not be.
pub async fn set(caller: &Caller, whose: Whose, input: &StandInInput) -> Result<StandInView, Failure> {
    caller.himself()?;
    let person = match (whose, &input.person) {
        (Whose::Own, None) => caller.person.id,
        (Whose::Own, Some(_)) => {
            return Err(Failure::invalid("/person", "unknown-field", Text::new("只能为本人设置", "only for yourself")));
        }
        (Whose::All, person) => {
            administrator(caller)?;
            acting::person(person.as_deref().unwrap_or_default(), "/person")?
        }
    };
    let stand_in = acting::person(&input.stand_in, "/stand_in")?;
    let (from, to) = checked(caller, (person, stand_in), input)?;
    let app = &caller.app;
    let write = app.db.write().await?;
    let open = stand_in::Entity::find()
        .filter(stand_in::Column::PersonId.eq(person.0))
        .filter(stand_in::Column::EndedAt.is_null())
        .filter(stand_in::Column::ToDay.gte(days::from_date(app.today())))
        .count(&*write)
        .await?;
    if open >= MOST {
        let message = Text::new(format!("最多同时设置 {MOST} 条代办"), format!("at most {MOST} stand-ins at a time"));
        return Err(Failure::invalid("", "too-many", message));
    }
    let row = stand_in::ActiveModel {
        id: NotSet,
        person_id: Set(person.0),
        stand_in_id: Set(stand_in.0),
        from_day: Set(days::from_date(from)),
        to_day: Set(days::from_date(to)),
        set_by: Set(Some(caller.person.id.0)),
        set_at: Set(app.now().as_millisecond()),
        ended_at: Set(None),
        ended_by: Set(None),
    };
    let row = stand_in::Entity::insert(row).exec_with_returning(&*write).await?;
    org::changed(app, &write).await?;
    let act = Act::done(caller.origin(), What::StandInSet).on(Object::person(person));
    let act = act.with("stand_in", stand_in.to_string()).with("from", from.to_string()).with("to", to.to_string());
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    changed(caller).await?;
    Ok(view(caller, &row))
}

/// The days of an absence, where both people can be what they are to be.
fn checked(
    caller: &Caller,
    (person, stand_in): (PersonId, PersonId),
    input: &StandInInput,
) -> Result<(Date, Date), Failure> {
    let org = caller.app.org();
    let here = |one: PersonId| org.person(one).is_some_and(|found| found.active);
    let mut faults = Vec::new();
    if !here(person) {
        faults.push(Fault::new(
            "/person",
            "unknown-person",
            Text::new("没有这位在职人员", "there is no such person here"),
        ));
    }
    if !here(stand_in) || stand_in == person {
        let message = Text::new("请选择在职的其他人员", "choose somebody else who is here");
        faults.push(Fault::new("/stand_in", "unknown-person", message));
    }
    let mut day = |text: &str, pointer: &str| {
        let day = text.parse::<Date>().ok();
        if day.is_none() {
            let message = Text::new("日期应写成 2026-03-02", "write a date as 2026-03-02");
            faults.push(Fault::new(pointer, "format", message));
        }
        day
    };
    let (from, to) = (day(&input.from, "/from"), day(&input.to, "/to"));
    if let (Some(from), Some(to)) = (from, to) {
        let today = caller.app.today();
        if from < today {
            faults.push(Fault::new("/from", "past", Text::new("不能早于今天", "not before today")));
        }
        if to < from {
            faults.push(Fault::new("/to", "before-from", Text::new("不能早于开始日期", "not before the first day")));
        } else if days::from_date(to) - days::from_date(from) >= LONGEST {
            let message = Text::new(format!("最长 {LONGEST} 天"), format!("at most {LONGEST} days"));
            faults.push(Fault::new("/to", "too-long", message));
        }
    }
    match (from, to) {
        (Some(from), Some(to)) if faults.is_empty() => Ok((from, to)),
        _ => Err(Failure::Invalid(faults)),
    }
}

/// Ends a stand-in at once: the caller's own, or as the system administrator anybody's.
///
/// # Errors
/// [`Failure::OnlyHimself`], [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn end(caller: &Caller, whose: Whose, id: &str) -> Result<(), Failure> {
    caller.himself()?;
    if whose == Whose::All {
        administrator(caller)?;
    }
    let id: i64 = id.parse().map_err(|_| Failure::NotFound)?;
    let app = &caller.app;
    let write = app.db.write().await?;
    let mut ends = stand_in::Entity::update_many()
        .col_expr(stand_in::Column::EndedAt, Expr::value(app.now().as_millisecond()))
        .col_expr(stand_in::Column::EndedBy, Expr::value(caller.person.id.0))
        .filter(stand_in::Column::Id.eq(id))
        .filter(stand_in::Column::EndedAt.is_null());
    if whose == Whose::Own {
        ends = ends.filter(stand_in::Column::PersonId.eq(caller.person.id.0));
    }
    if ends.exec(&*write).await?.rows_affected == 0 {
        return Err(Failure::NotFound);
    }
    org::changed(app, &write).await?;
    let act = Act::done(caller.origin(), What::StandInEnded).on(Object::new("stand-in", id.to_string()));
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    changed(caller).await
}

async fn changed(caller: &Caller) -> Result<(), Failure> {
    org::reload(&caller.app).await?;
    caller.app.hub.tell(Stale::everything());
    Ok(())
}

/// Refuses who is not the system administrator.
///
/// # Errors
/// [`Failure::Forbidden`].
pub fn administrator(caller: &Caller) -> Result<(), Failure> {
    caller.require(Console::Organisation)
}
