//! What the conditions look like; what they mean is held by the property test.

use std::collections::BTreeMap;

use docket_engine::{
    definition::module::{Colour, Light},
    expr::{Expr, Type, compile, scope},
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit},
    text::{Name, Text},
    value::Value,
    workdays::Workdays,
};
use jiff::civil::date;
use sea_orm::{
    DbBackend,
    sea_query::{PostgresQueryBuilder, Query, SqliteQueryBuilder},
};

use super::{Subject, columns, condition, light};

fn subject() -> Subject {
    let unit = Unit {
        id: UnitId(3),
        name: "单位".into(),
        aliases: vec![],
        parent: None,
        class: String::new(),
        order: 0,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    };
    let person = Person {
        id: PersonId(9),
        code: "9".into(),
        name: "人".into(),
        title: String::new(),
        attributes: BTreeMap::from([(Name::from("level"), Value::Number("2.5".parse().unwrap()))]),
        active: true,
    };
    let holding = Holding { person: PersonId(9), post: "head".into(), unit: Some(UnitId(3)) };
    Subject::of(&Org::new(vec![unit], vec![person], vec![holding], vec![], BTreeMap::new()), PersonId(9))
}

fn compiled(source: &str) -> Expr {
    let attributes = BTreeMap::from([("level".into(), Type::Number), ("office".into(), Type::Unit)]);
    compile(source, &scope::policy_scope(&attributes), &Type::Bool)
        .unwrap_or_else(|faults| panic!("{source}: {faults:#?}"))
}

/// The condition's text on PostgreSQL and SQLite, on 2026-11-25 (day 20782), for person 9 of unit 3.
fn text(source: &str) -> (String, String) {
    let subject = subject();
    let sql = |backend| {
        let condition = condition(&compiled(source), Some(&subject), date(2026, 11, 25), backend).unwrap();
        Query::select().from("item").and_where(condition).to_owned()
    };
    let strip = |text: String| text.split_once(" WHERE ").map_or(text.clone(), |(_, condition)| condition.to_owned());
    (
        strip(sql(DbBackend::Postgres).to_string(PostgresQueryBuilder)),
        strip(sql(DbBackend::Sqlite).to_string(SqliteQueryBuilder)),
    )
}

#[test]
fn every_fact_of_an_item_is_stored() {
    for name in scope::indexed_names() {
        assert!(columns::column(name).is_some() != columns::rows(name).is_some(), "{name}");
    }
}

#[test]
fn conditions_guard_what_may_be_absent_and_leave_columns_bare() {
    for (source, sql) in [
        ("item.state == 'open'", r#""item"."state" = 'open'"#),
        ("today > item.next_due", r#""item"."next_due" IS NOT NULL AND "item"."next_due" < 20782"#),
        (
            "!(today >= item.next_due - duration('P3D'))",
            r#"NOT ("item"."next_due" IS NOT NULL AND "item"."next_due" <= 20785)"#,
        ),
        (
            "item.due + duration('P1D') < item.next_due",
            r#""item"."due" IS NOT NULL AND "item"."next_due" IS NOT NULL AND "item"."due" < "item"."next_due" + -1"#,
        ),
        (
            "item.units.overlaps(subject.units)",
            r#"EXISTS(SELECT 1 FROM "item_unit" AS "x0" WHERE "x0"."item_id" IN ("item"."id", "item"."parent_id") AND "x0"."unit_id" = 3)"#,
        ),
        (
            "subject.person in item.participants",
            r#"EXISTS(SELECT 1 FROM "item_person" AS "x0" WHERE "x0"."item_id" = "item"."id" AND "x0"."role" = 'participant' AND "x0"."person_id" = 9)"#,
        ),
        (
            "item.stage in ['a', item.state]",
            r#"("item"."stage" IS NOT NULL AND "item"."stage" = "item"."state") OR ("item"."stage" IS NOT NULL AND "item"."stage" = 'a')"#,
        ),
        ("item.title == null || item.year < 2026.5", r#"(NOT "item"."title" IS NOT NULL) OR "item"."year" < 2027"#),
        ("item.year == 2026.5 || item.lead_unit == subject.office", "1 = 0"),
        ("subject.level > 2 && item.state != 'done'", r#""item"."state" <> 'done'"#),
    ] {
        let (postgres, sqlite) = text(source);
        assert_eq!(postgres, sql, "{source}");
        assert_eq!(sqlite, sql, "{source}");
    }
}

#[test]
fn texts_compare_by_code_point() {
    let (postgres, sqlite) = text("item.state < 'done' && item.module.contains('a')");
    assert_eq!(postgres, r#"("item"."state" COLLATE "C") < 'done' AND strpos("item"."module", 'a') > 0"#);
    assert_eq!(sqlite, r#""item"."state" < 'done' AND instr("item"."module", 'a') > 0"#);
}

#[test]
fn what_is_outside_the_subset_has_no_form() {
    for source in
        ["size(item.units) > 1", "item.co_units == item.units", "item.year + 1 > 2", "(item.due == today) == true"]
    {
        let refused = condition(&compiled(source), None, date(2026, 11, 25), DbBackend::Sqlite);
        assert!(refused.is_err(), "{source}");
    }
}

#[test]
fn lights_become_one_case() {
    let lights =
        [("item.state == 'done'", Colour::Blue), ("today > item.next_due", Colour::Red), ("true", Colour::Green)];
    let lights = lights.map(|(when, colour)| Light { colour, title: Text::default(), when: compiled(when) });
    let case = light(&lights, date(2026, 11, 25), &Workdays::PLAIN, DbBackend::Sqlite).unwrap();
    assert_eq!(
        Query::select().expr(case).to_string(SqliteQueryBuilder),
        r#"SELECT (CASE WHEN ("item"."state" = 'done') THEN 'blue' WHEN ("item"."next_due" IS NOT NULL AND "item"."next_due" < 20782) THEN 'red' ELSE 'green' END)"#
    );
}

#[test]
fn what_is_reckoned_from_today_is_bound_as_a_date() {
    // The 26th, a Thursday, is free: the next working day but one after the 25th is Monday the 30th.
    let workdays = Workdays::new(Workdays::PLAIN.week(), [(date(2026, 11, 26), false)]);
    let lights = [("item.next_due <= add_workdays(today, 2)", Colour::Yellow)];
    let lights = lights.map(|(when, colour)| Light { colour, title: Text::default(), when: compiled(when) });
    let case = light(&lights, date(2026, 11, 25), &workdays, DbBackend::Sqlite).unwrap();
    assert_eq!(
        Query::select().expr(case).to_string(SqliteQueryBuilder),
        r#"SELECT (CASE WHEN ("item"."next_due" IS NOT NULL AND "item"."next_due" <= 20787) THEN 'yellow' END)"#
    );
}
