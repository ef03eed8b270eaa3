//! Lists as spreadsheets, read back.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use poem::http::header;
use serde_json::json;

use super::installation::{Installation, MODULE, on_each_database};

/// The rows of the first sheet, the header among them.
pub(crate) fn table(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn an_export_has_the_lists_columns_and_rows_dates_as_dates_and_formulas_as_text() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "=1+1", department.unit).await;
        installation.task_for(&supervisor, "00012345678901234567", department.unit).await;
        let mut other = Installation::fields("另一类", department.unit);
        other["category"] = json!(["两大", "三区"]);
        Installation::create(&supervisor, &other).await;

        let answer = supervisor.get(&format!("/exports?module={MODULE}&kind=task&category=一极&sort=title")).await;
        assert!(answer.status.is_success());
        let disposition = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\"") && disposition.contains("filename*=UTF-8''%"),
            "{disposition}"
        );
        let rows = table(&answer.bytes);
        let view = supervisor.get(&format!("/modules/{MODULE}")).await.ok();
        let columns = view["kinds"][0]["list"]["columns"].as_array().unwrap();
        let header: Vec<&str> = columns.iter().map(|column| column["title"].as_str().unwrap()).collect();
        assert_eq!(rows[0], header.iter().map(|title| Data::String((*title).to_owned())).collect::<Vec<_>>());
        let at = |name: &str| columns.iter().position(|column| column["name"] == name).unwrap();
        let titles: Vec<String> = rows[1..].iter().map(|row| row[at("title")].to_string()).collect();
        assert_eq!(titles, ["00012345678901234567", "=1+1"]);
        for row in &rows[1..] {
            assert!(matches!(row[at("title")], Data::String(_)), "{row:?}");
            assert!(matches!(row[at("due")], Data::DateTime(_)), "{row:?}");
            assert_eq!(row[at("light")], Data::String("正常推进".to_owned()));
        }
        let head = installation.signed_in(&department.handler).await;
        head.get(&format!("/exports?module={MODULE}&kind=task")).await.problem(403, "forbidden");
    });
}
