//! Organisation workbooks into the database.

use docket_server::{
    app::{organisation, sign_in},
    audit::Origin,
    db::entity::{person, post_holding, unit, unit_group},
};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};

use crate::support::{PASSWORD, on_each_database, on_each_empty_database};

#[test]
fn a_demonstration_has_everybody_with_a_password_or_nobody() {
    on_each_empty_database(async |app| {
        // The last step of seeding fails, as where the process is killed before it.
        let (broken, mended) = if app.db.is_sqlite() {
            (
                "CREATE TRIGGER broken BEFORE INSERT ON credential BEGIN SELECT RAISE(ABORT, 'broken'); END",
                "DROP TRIGGER broken",
            )
        } else {
            (
                "ALTER TABLE credential ADD CONSTRAINT broken CHECK (person_id < 0)",
                "ALTER TABLE credential DROP CONSTRAINT broken",
            )
        };
        let write = app.db.write().await.unwrap();
        write.execute_unprepared(broken).await.unwrap();
        write.commit().await.unwrap();
        organisation::seed_demo(&app, PASSWORD).await.unwrap_err();
        assert_eq!(person::Entity::find().count(app.db.reader()).await.unwrap(), 0);
        let write = app.db.write().await.unwrap();
        write.execute_unprepared(mended).await.unwrap();
        write.commit().await.unwrap();
        assert!(organisation::seed_demo(&app, PASSWORD).await.unwrap());
        sign_in::sign_in(&app, "K0137", PASSWORD, &sign_in::Client::default()).await.unwrap();
    });
}

#[test]
fn two_that_seed_at_the_same_time_seed_once() {
    on_each_empty_database(async |app| {
        let (one, other) =
            tokio::join!(organisation::seed_demo(&app, PASSWORD), organisation::seed_demo(&app, PASSWORD));
        assert_ne!(one.unwrap(), other.unwrap());
        assert_eq!(person::Entity::find().count(app.db.reader()).await.unwrap(), 158);
    });
}

#[test]
fn importing_it_again_doubles_nothing() {
    on_each_database(async |app| {
        let before = app.org();
        assert!(!organisation::seed_demo(&app, PASSWORD).await.unwrap(), "what is there is never seeded over");
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/organisation.xlsx");
        let report =
            organisation::import(&app, "organisation.xlsx", std::fs::read(path).unwrap(), &Origin::command_line())
                .await
                .unwrap();
        assert!(report.is_clean());
        let db = app.db.reader();
        let counts = (
            unit::Entity::find().count(db).await.unwrap(),
            person::Entity::find().count(db).await.unwrap(),
            post_holding::Entity::find().count(db).await.unwrap(),
            unit_group::Entity::find().count(db).await.unwrap(),
        );
        assert_eq!(counts, (24, 158, 158, 2));
        assert_eq!(*app.org(), *before);
    });
}

#[test]
fn while_a_row_is_refused_nothing_goes_in() {
    on_each_database(async |app| {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet().set_name("单位").unwrap();
        for (row, cells) in [["单位名称", "上级单位"], ["民政局", ""], ["救助站", "没有的局"]].iter().enumerate()
        {
            for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
            }
        }
        let report = organisation::import(&app, "a.xlsx", workbook.save_to_buffer().unwrap(), &Origin::command_line())
            .await
            .unwrap();
        assert!(!report.is_clean());
        assert!(app.org().units().all(|unit| unit.name != "民政局"));
        assert_eq!(unit::Entity::find().count(app.db.reader()).await.unwrap(), 24);
    });
}

#[test]
fn references_to_new_units_and_people_are_kept() {
    on_each_database(async |app| {
        use docket_engine::value::Value;
        let org = app.org();
        let leader = org.people().find(|person| person.code == "L006").unwrap();
        let liaison = org.people().find(|person| person.code == "K0148").unwrap();
        let office = org.units().find(|unit| unit.name == "政府办督查科").unwrap();
        assert_eq!(leader.attributes.get("liaisons"), Some(&Value::List(vec![Value::Person(liaison.id)])));
        assert_eq!(leader.attributes.get("supervision_office"), Some(&Value::Unit(office.id)));
        let below = org.units().find(|unit| unit.name == "水利局执法支队").unwrap();
        assert_eq!(org.unit(below.parent.unwrap()).unwrap().name, "水利局");
    });
}
