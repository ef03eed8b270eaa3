//! The facts that these tests compute with.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use docket_engine::{
    expr::{Env, Expr, Fault, Record, Type, compile},
    id::{PersonId, UnitId},
    load::load,
    source::File,
    text::Name,
    value::{Span, Value},
    workdays::Workdays,
};
use jiff::{civil::date, tz::TimeZone};

/// A record of facts; the clock stands at 2026-11-25 in Shanghai.
pub(crate) struct Facts {
    root: Value,
    zone: TimeZone,
}

/// Those of the shipped calendar.
static WORKDAYS: LazyLock<Workdays> = LazyLock::new(|| {
    let text = include_str!("../../../calendars/china.yaml").to_owned();
    let registry = load(&[Arc::new(File { path: "china.yaml".into(), text })]).registry.unwrap();
    registry.calendars["china"].workdays.clone()
});

impl Env for Facts {
    fn get(&self, path: &[Name]) -> Value {
        self.root.at(path).clone()
    }

    fn cycle(&self, entry: &str) -> Option<Span> {
        match entry {
            "周" => Some(Span::of_days(7)),
            "月" => Some(Span::of_days(30)),
            _ => None,
        }
    }

    fn workdays(&self) -> &Workdays {
        &WORKDAYS
    }

    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

fn record(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Record(fields.into_iter().map(|(name, value)| (name.into(), value)).collect::<BTreeMap<Name, Value>>())
}

pub(crate) fn units(ids: &[i64]) -> Value {
    Value::List(ids.iter().map(|id| Value::Unit(UnitId(*id))).collect())
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

pub(crate) fn facts() -> Facts {
    facts_in("Asia/Shanghai")
}

/// The same in another zone.
pub(crate) fn facts_in(zone: &str) -> Facts {
    let item = record([
        ("title", Value::Text("推进“双圈”建设".into())),
        ("state", Value::Text("open".into())),
        ("due", Value::Date(date(2026, 12, 31))),
        ("lead_unit", Value::Unit(UnitId(3))),
        ("co_units", units(&[4, 5])),
        ("leader", Value::List(vec![Value::Person(PersonId(9))])),
        ("cycle", Value::Text("周".into())),
        ("budget", number("12.50")),
        ("urgent", Value::Bool(true)),
    ]);
    let review = record([("progress", Value::Text("完成 60%".into()))]);
    Facts {
        root: record([
            ("item", item),
            ("forms", record([("section-review", review)])),
            ("today", Value::Date(date(2026, 11, 25))),
            ("now", Value::Time("2026-11-25T09:30:00+08:00".parse().unwrap())),
            ("free", Value::Text("words".into())),
        ]),
        zone: TimeZone::get(zone).unwrap(),
    }
}

/// The types of [`facts`], with some more that are absent in them.
pub(crate) fn scope() -> Record {
    let item = Record::of([
        ("title", Type::Text),
        ("state", Type::Text),
        ("stage", Type::Text),
        ("due", Type::Date),
        ("next_due", Type::Date),
        ("lead_unit", Type::Unit),
        ("created_by", Type::Person),
        ("co_units", Type::list(Type::Unit)),
        ("source", Type::list(Type::Text)),
        ("leader", Type::list(Type::Person)),
        ("cycle", Type::Text),
        ("budget", Type::Number),
        ("spent", Type::Number),
        ("urgent", Type::Bool),
        ("closed", Type::Bool),
        ("备注", Type::Text),
    ]);
    let review = Record::of([("progress", Type::Text)]);
    Record::of([
        ("item", item.into()),
        ("forms", Record::of([("section-review", Type::from(review))]).into()),
        ("today", Type::Date),
        ("now", Type::Time),
        ("free", Type::Any),
    ])
}

pub(crate) fn compiled(source: &str) -> Expr {
    match compile(source, &scope(), &Type::Any) {
        Ok(expr) => expr,
        Err(faults) => panic!("{source}: {faults:#?}"),
    }
}

/// What `source` gives.
pub(crate) fn value(source: &str) -> Value {
    compiled(source).eval(&facts()).unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Whether the condition `source` holds.
pub(crate) fn holds(source: &str) -> bool {
    let expr = compile(source, &scope(), &Type::Bool).unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
    expr.is_true(&facts()).unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Why evaluating `source` fails.
pub(crate) fn failure(source: &str) -> String {
    compiled(source).eval(&facts()).unwrap_err().message
}

pub(crate) fn faults(source: &str, expected: &Type) -> Vec<Fault> {
    compile(source, &scope(), expected).map_or_else(|faults| faults, |_| panic!("`{source}` is accepted"))
}
