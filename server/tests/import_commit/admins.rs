//! The first holders of the three duties (I2).

use docket_server::{
    access::{Duty, duty},
    app::{
        admins, organisation,
        sessions::Stage,
        sign_in::{Client, passwords, sign_in},
    },
    audit::{Origin, verify::verify},
};

use crate::support::{on_each_database, on_each_empty_database};

const GIVEN: &str = "Given-by-admin-1";
const CHOSEN: &str = "Chosen-by-me-2";

#[test]
fn the_first_of_each_duty_is_made_once_and_nobody_holds_two() {
    on_each_empty_database(async |app| {
        let create = async |duty, code: &str, password: &str| {
            let made = admins::create(&app, duty, code, "王明", password).await;
            made.map_err(|failure| format!("{failure:?}"))
        };
        create(Duty::System, "A1", GIVEN).await.unwrap();
        let refused = |made: Result<(), String>, code: &str| {
            let refused = made.unwrap_err();
            assert!(refused.contains(code), "{refused}");
        };
        refused(create(Duty::System, "A2", GIVEN).await, "not-the-first");
        refused(create(Duty::Security, "A1", GIVEN).await, "two-duties");
        refused(create(Duty::Security, "A2", "short").await, "too-short");
        refused(create(Duty::Security, "", GIVEN).await, "/code");
        create(Duty::Security, "A2", GIVEN).await.unwrap();
        create(Duty::Audit, "A3", GIVEN).await.unwrap();
        let org = app.org();
        assert_eq!(org.people().count(), 3);
        let person = org.people().find(|person| person.code == "A3").unwrap();
        let held = duty::held(app.registry().organisation.as_deref(), &org, person.id);
        assert!(held.into_iter().eq([Duty::Audit]));

        let client = Client::default();
        let begun = sign_in(&app, "A1", GIVEN, &client).await.unwrap();
        assert_eq!(begun.session.stage, Stage::Password);
        let done = passwords::change(&app, &begun.session, GIVEN, CHOSEN, &client).await.unwrap();
        assert_eq!(done.session.stage, Stage::Whole);
        assert!(verify(&app).await.unwrap().is_whole());
    });
}

#[test]
fn a_workbook_makes_no_first_administrator() {
    on_each_empty_database(async |app| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/organisation.xlsx");
        let bytes = std::fs::read(path).unwrap();
        let refused = organisation::import(&app, "a.xlsx", bytes, &Origin::command_line()).await.unwrap_err();
        assert!(format!("{refused:?}").contains("first-duty"), "{refused:?}");
        assert_eq!(app.org().people().count(), 0);
    });
}

#[test]
fn a_workbook_gives_nobody_a_second_duty_and_takes_no_last_one_away() {
    on_each_database(async |app| {
        let org = app.org();
        let system = org.person(org.holders_anywhere("system_admin")[0]).unwrap();
        for (posts, code) in [("系统管理员、审计管理员", "two-duties"), ("部门长", "last-duty")] {
            let mut workbook = rust_xlsxwriter::Workbook::new();
            let sheet = workbook.add_worksheet().set_name("人员").unwrap();
            for (column, (title, cell)) in
                [("工号", system.code.as_str()), ("姓名", system.name.as_str()), ("岗位", posts)]
                    .into_iter()
                    .enumerate()
            {
                let column = u16::try_from(column).unwrap();
                sheet.write_string(0, column, title).unwrap();
                sheet.write_string(1, column, cell).unwrap();
            }
            let bytes = workbook.save_to_buffer().unwrap();
            let refused = organisation::import(&app, "a.xlsx", bytes, &Origin::command_line()).await.unwrap_err();
            assert!(format!("{refused:?}").contains(code), "{refused:?}");
        }
    });
}
