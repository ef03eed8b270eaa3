//! The administrators' log as the audit administrator reads it.

use docket_engine::{id::PersonId, text::Text, value::parse_date};
use jiff::{Timestamp, civil::Date};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::Value as Json;

use super::exports::{MAX_ROWS, Table, written};
use crate::{
    access::Console,
    api::{
        audit::{ActKind, ActResult, ActView, ChainView, LogPage},
        caller::Caller,
        exports::Workbook,
        format::clock_time,
        page::Page,
        views::{Cell, Ref},
    },
    audit::{self, Act, What, verify},
    clock::from_ms,
    db::entity::audit as row,
    failure::Failure,
};

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Who did it.
    pub person: Option<String>,
    /// The act's code.
    pub act: Option<String>,
    /// How it ended.
    pub result: Option<ActResult>,
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

/// A page of the log.
///
/// # Errors
/// [`Failure::Forbidden`]; a filter that can not be read.
pub async fn page(caller: &Caller, filter: &Filter, page: Page) -> Result<LogPage, Failure> {
    caller.require(Console::Log)?;
    let db = caller.app.db.reader();
    let query = query(caller, filter)?;
    let total = query.clone().count(db).await?;
    let rows = query.offset(page.offset()).limit(page.limit()).all(db).await?;
    let acts = What::ALL.iter();
    let acts = acts.map(|what| ActKind { code: what.code().to_owned(), title: caller.text(&what.title()) }).collect();
    Ok(LogPage { rows: rows.into_iter().map(|row| view(caller, row)).collect(), total, acts })
}

/// The log as a spreadsheet; that it was exported is recorded.
///
/// # Errors
/// [`Failure::Forbidden`]; [`Failure::TooLarge`]; a filter that can not be read.
pub async fn export(caller: &Caller, filter: &Filter) -> Result<Workbook, Failure> {
    caller.require(Console::Log)?;
    let app = &caller.app;
    let query = query(caller, filter)?;
    let total = query.clone().count(app.db.reader()).await?;
    if total > MAX_ROWS {
        return Err(Failure::TooLarge(Text::new(
            format!("共 {total} 条，超过一次导出的上限 {MAX_ROWS} 条，请先筛选"),
            format!("{total} rows are more than the {MAX_ROWS} of one export: filter first"),
        )));
    }
    let rows = query.limit(MAX_ROWS).all(app.db.reader()).await?;
    audit::recorded(app, Act::done(caller.origin(), What::LogExported).with("rows", rows.len())).await?;
    let columns = [
        ("序号", "Number"),
        ("时间", "Time"),
        ("人员", "Person"),
        ("代表", "For"),
        ("途径", "Way"),
        ("地址", "Address"),
        ("行为", "Act"),
        ("对象", "On"),
        ("结果", "Result"),
        ("详情", "Detail"),
        ("校验值", "Hash"),
    ];
    let title = caller.text(&Text::new("审计日志", "Audit log"));
    let table = Table {
        name: title.clone(),
        columns: columns.iter().map(|(zh, en)| caller.text(&Text::new(*zh, *en))).collect(),
        rows: rows.into_iter().map(|row| cells(caller, &row)).collect(),
    };
    written(format!("{title}-{}.xlsx", app.today()), table).await
}

/// Whether the chain is whole.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn chain(caller: &Caller) -> Result<ChainView, Failure> {
    caller.require(Console::Log)?;
    let db = caller.app.db.snapshot().await?;
    let report = verify::check_log(&db, &caller.app.settings.security.audit.hasher).await?;
    Ok(ChainView {
        whole: report.is_whole(),
        rows: report.rows,
        end: format!("{} {}", report.end.0, report.end.1),
        broken: report.broken.first().map(|broken| caller.text(&broken.sentence())),
    })
}

fn query(caller: &Caller, filter: &Filter) -> Result<Select<row::Entity>, Failure> {
    let mut query = row::Entity::find().order_by_desc(row::Column::Sequence);
    if let Some(person) = &filter.person {
        let person: i64 = person.parse().map_err(|_| bad("/person", "人员编号不对", "this is no id of a person"))?;
        query = query.filter(row::Column::ActorId.eq(person));
    }
    if let Some(act) = &filter.act {
        let what = What::of(act).ok_or_else(|| bad("/act", "没有这种行为", "there is no such act"))?;
        query = query.filter(row::Column::Act.eq(what.code()));
    }
    if let Some(result) = filter.result {
        let outcome = match result {
            ActResult::Done => audit::Outcome::Done,
            ActResult::Refused => audit::Outcome::Refused,
        };
        query = query.filter(row::Column::Result.eq(outcome.code()));
    }
    if let Some(from) = &filter.from {
        query = query.filter(row::Column::At.gte(start(caller, day("/from", from)?)?));
    }
    if let Some(to) = &filter.to {
        let next = day("/to", to)?.tomorrow().map_err(|_| bad("/to", "日期超出范围", "this day is out of range"))?;
        query = query.filter(row::Column::At.lt(start(caller, next)?));
    }
    Ok(query)
}

fn bad(at: &'static str, zh: &str, en: &str) -> Failure {
    Failure::invalid(at, "format", Text::new(zh, en))
}

fn day(at: &'static str, text: &str) -> Result<Date, Failure> {
    parse_date(text).ok_or_else(|| bad(at, "日期应写成 2026-03-02", "write a day as 2026-03-02"))
}

/// The moment when a day begins in the deployment's zone, in milliseconds.
fn start(caller: &Caller, day: Date) -> Result<i64, Failure> {
    let start = docket_engine::time::start_of_day(day, &caller.app.settings.zone);
    start.map(Timestamp::as_millisecond).ok_or_else(|| bad("", "日期超出范围", "this day is out of range"))
}

fn person(caller: &Caller, id: Option<i64>) -> Option<Ref> {
    let id = id?;
    let org = caller.app.org();
    let named = org.person(PersonId(id));
    let name = named.map_or_else(|| id.to_string(), |person| format!("{} {}", person.name, person.code));
    Some(Ref { id: id.to_string(), name })
}

/// What an act was done to, as it is named.
fn object(caller: &Caller, row: &row::Model) -> Option<String> {
    let id = row.object.clone()?;
    if row.object_kind.as_deref() == Some("person") {
        return person(caller, id.parse().ok()).map(|person| person.name);
    }
    Some(id)
}

fn title(caller: &Caller, act: &str) -> String {
    What::of(act).map_or_else(|| act.to_owned(), |what| caller.text(&what.title()))
}

fn view(caller: &Caller, row: row::Model) -> ActView {
    ActView {
        sequence: row.sequence.to_string(),
        at: from_ms(row.at).to_string(),
        who: person(caller, row.actor_id),
        for_whom: person(caller, row.for_id),
        title: title(caller, &row.act),
        on: object(caller, &row),
        via: row.via,
        address: row.address,
        act: row.act,
        detail: row.detail,
        result: if row.result == audit::Outcome::Done.code() { ActResult::Done } else { ActResult::Refused },
    }
}

fn cells(caller: &Caller, row: &row::Model) -> Vec<Cell> {
    let name = |id| person(caller, id).map_or_else(String::new, |person| person.name);
    let done = row.result == audit::Outcome::Done.code();
    let texts = [
        clock_time(from_ms(row.at), &caller.app.settings.zone),
        name(row.actor_id),
        name(row.for_id),
        row.via.clone(),
        row.address.clone().unwrap_or_default(),
        title(caller, &row.act),
        object(caller, row).unwrap_or_default(),
        caller.text(&if done { Text::new("完成", "done") } else { Text::new("拒绝", "refused") }),
        row.detail.clone(),
        row.hash.clone(),
    ];
    let number = Cell { value: Json::from(row.sequence), text: row.sequence.to_string() };
    let texts = texts.into_iter().map(|text| Cell { value: Json::from(text.as_str()), text });
    std::iter::once(number).chain(texts).collect()
}
