//! What the tests share: the shipped configuration, the demo organisation, small workbooks.

use std::sync::Arc;

use docket_engine::{command::Actor, definition::registry::Registry, org::Org, text::Language};
use docket_server::import::{
    note::Refusal,
    organisation, preview,
    report::{Report, Row},
    setting::Setting,
    verdict::Known,
};
use jiff::tz::TimeZone;
use rust_xlsxwriter::Workbook;

pub(crate) use crate::config::registry;

/// The module that the tests import into.
pub(crate) const MODULE: &str = "yiji-liangda-sanqu";
/// All its categories.
pub(crate) const CATEGORIES: [&str; 3] = ["一极", "两大", "三区"];

/// A file of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The demo organisation.
pub(crate) fn org(registry: &Registry) -> Arc<Org> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/organisation.xlsx");
    let bytes = std::fs::read(path).unwrap();
    let form = registry.organisation.as_ref().unwrap();
    let report = organisation::read("organisation.xlsx", &bytes, form, &Org::default()).unwrap();
    assert!(report.is_clean(), "{:#?}", report.to_json(Language::En));
    Arc::new(report.plan.to_org(form))
}

/// An import on the day of the expected reports.
pub(crate) struct Import {
    pub(crate) registry: Arc<Registry>,
    pub(crate) org: Arc<Org>,
    pub(crate) module: String,
    pub(crate) categories: Vec<String>,
    pub(crate) known: Vec<Known>,
}

impl Import {
    /// Into the shipped module, all categories chosen, an empty ledger.
    pub(crate) fn new() -> Self {
        Self::with(registry(&[]), MODULE, &CATEGORIES)
    }

    /// Into any module.
    pub(crate) fn with(registry: Arc<Registry>, module: &str, categories: &[&str]) -> Self {
        let org = org(&registry);
        let categories = categories.iter().map(ToString::to_string).collect();
        Self { registry, org, module: module.to_owned(), categories, known: Vec::new() }
    }

    /// The report on a file.
    pub(crate) fn report(&self, name: &str, bytes: &[u8]) -> Result<Report, Refusal> {
        let now = "2026-11-25T09:00:00+08:00".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let setting = Setting::new(
            &self.registry,
            &self.org,
            (&self.module, "task"),
            &self.categories,
            (now, zone, Actor::System),
        )?;
        let read = preview::read(name, bytes, &setting)?;
        Ok(preview::judge(read, &self.known, &setting))
    }

    /// The report on a sheet with the module's usual columns and these rows; the first is row 2.
    pub(crate) fn rows(&self, rows: &[[&str; 6]]) -> Vec<Row> {
        let header = ["任务名称", "牵头单位", "协办单位", "事项分类", "反馈周期", "完成时限"];
        let mut all = vec![header];
        all.extend_from_slice(rows);
        self.report("rows.xlsx", &sheet(&all)).unwrap().rows
    }

    /// The one row that differs from a good one in these cells, by header.
    pub(crate) fn row(&self, cells: &[(&str, &str)]) -> Row {
        let mut headers = vec!["任务名称", "牵头单位", "事项分类", "反馈周期", "完成时限"];
        let mut row = vec!["建设一期", "教委", "一极", "按周", "2026-12-31"];
        for (header, text) in cells {
            if let Some(at) = headers.iter().position(|one| one == header) {
                row[at] = text;
            } else {
                headers.push(header);
                row.push(text);
            }
        }
        self.report("row.xlsx", &sheet(&[headers, row])).unwrap().rows.remove(0)
    }
}

/// The codes of a row's notes about a column.
pub(crate) fn codes<'a>(row: &'a Row, column: &str) -> Vec<&'a str> {
    row.cells().filter(|note| note.column == column).map(|note| note.code.as_str()).collect()
}

/// A workbook with one sheet of texts.
pub(crate) fn sheet<'a, R: AsRef<[&'a str]>>(rows: &[R]) -> Vec<u8> {
    workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells.as_ref()) {
                if !text.is_empty() {
                    sheet.write_string(row, column, *text).unwrap();
                }
            }
        }
    })
}

/// A workbook as `fill` makes it.
pub(crate) fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}
