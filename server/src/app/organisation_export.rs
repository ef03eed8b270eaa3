//! The organisation as a workbook in the layout in which it is imported: exported and imported again it changes nothing.
//!
//! People who have left are not in it, as a workbook can only bring people in.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    definition::organisation::{Organisation, Sheet, SheetKind},
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit, UnitGroup},
    text::Name,
    value::Value,
};
use rust_xlsxwriter::{Format, Workbook as Xlsx, XlsxError};
use sea_orm::EntityTrait as _;

use super::{
    exports::{sheet_name, text},
    stand_ins::administrator,
};
use crate::{
    api::{caller::Caller, exports::Workbook},
    audit::{self, Act, What},
    db::entity::person,
    failure::Failure,
    state::App,
};

/// The workbook for the system administrator; that he has it is recorded, as it holds everybody's data.
///
/// # Errors
/// [`Failure::Forbidden`]; as [`workbook`].
pub async fn download(caller: &Caller) -> Result<Workbook, Failure> {
    administrator(caller)?;
    let workbook = workbook(&caller.app).await?;
    audit::recorded(&caller.app, Act::done(caller.origin(), What::OrganisationExported)).await?;
    Ok(workbook)
}

/// The workbook.
///
/// # Errors
/// [`Failure::NotFound`] where no organisation form is published; the database's own.
pub async fn workbook(app: &App) -> Result<Workbook, Failure> {
    let form = app.registry().organisation.clone().ok_or(Failure::NotFound)?;
    let org = app.org();
    let people = person::Entity::find().all(app.db.reader()).await?;
    let phones = people.into_iter().filter_map(|row| Some((PersonId(row.id), row.phone?))).collect();
    let name = format!("{}-{}.xlsx", form.name, app.today());
    let bytes = tokio::task::spawn_blocking(move || Exporter { form: &form, org: &org, phones: &phones }.write()).await;
    let bytes = bytes.map_err(Failure::internal)?.map_err(Failure::internal)?;
    Ok(Workbook { name, bytes })
}

struct Exporter<'a> {
    form: &'a Organisation,
    org: &'a Org,
    phones: &'a BTreeMap<PersonId, String>,
}

/// A cell by the meaning of its column.
type Cells = BTreeMap<String, String>;

impl Exporter<'_> {
    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Xlsx::new();
        for sheet in &self.form.sheets {
            let rows: Vec<Cells> = match sheet.of {
                SheetKind::Units => self.units(),
                SheetKind::People => self.people(sheet),
                SheetKind::Groups => self.org.groups().iter().map(|group| self.group(group)).collect(),
            };
            Self::sheet(&mut workbook, sheet, &rows)?;
        }
        workbook.save_to_buffer()
    }

    fn sheet(workbook: &mut Xlsx, sheet: &Sheet, rows: &[Cells]) -> Result<(), XlsxError> {
        let page = workbook.add_worksheet();
        page.set_name(sheet_name(&sheet.name))?;
        let head = Format::new().set_bold();
        let (plain, quoted) = (Format::new().set_text_wrap(), Format::new().set_text_wrap().set_quote_prefix());
        // What names a row stands first, the rest in the order of the headers.
        let mut columns: Vec<(&String, &Name)> = sheet.columns.iter().collect();
        let place = |meaning: &str| ["name", "code", "unit", "post"].iter().position(|first| *first == meaning);
        columns.sort_by_key(|(_, meaning)| place(meaning).unwrap_or(usize::MAX));
        for (column, (header, meaning)) in (0_u16..).zip(columns) {
            page.set_column_width(column, 18)?;
            page.write_string_with_format(0, column, header, &head)?;
            for (row, cells) in (1_u32..).zip(rows) {
                if let Some(cell) = cells.get(meaning.as_str()).filter(|cell| !cell.is_empty()) {
                    text(page, (row, column), cell, &plain, &quoted)?;
                }
            }
        }
        page.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn units(&self) -> Vec<Cells> {
        let mut units: Vec<&Unit> = self.org.units().collect();
        units.sort_by_key(|unit| (unit.order, unit.id));
        let row = |unit: &Unit| {
            let mut cells = self.attributes(&unit.attributes);
            cells.insert("name".to_owned(), unit.name.clone());
            cells.insert("aliases".to_owned(), unit.aliases.join("、"));
            cells.insert("class".to_owned(), unit.class.clone());
            cells.insert("parent".to_owned(), unit.parent.map(|unit| self.unit(unit)).unwrap_or_default());
            cells.insert("order".to_owned(), unit.order.to_string());
            cells.insert("from".to_owned(), unit.from.map(|day| day.to_string()).unwrap_or_default());
            cells.insert("to".to_owned(), unit.to.map(|day| day.to_string()).unwrap_or_default());
            cells.insert("successor".to_owned(), unit.successor.map(|unit| self.unit(unit)).unwrap_or_default());
            cells
        };
        units.into_iter().map(row).collect()
    }

    /// The rows of a sheet of people: one for each person and unit whose posts belong into it.
    fn people(&self, sheet: &Sheet) -> Vec<Cells> {
        let mut people: Vec<&Person> = self.org.people().filter(|person| person.active).collect();
        people.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
        let mut rows = Vec::new();
        for person in people {
            let mut posts: BTreeMap<Option<UnitId>, BTreeSet<&Name>> = BTreeMap::new();
            for holding in self.org.holdings_of(person.id).filter(|holding| self.belongs(holding, sheet)) {
                posts.entry(holding.unit).or_default().insert(&holding.post);
            }
            rows.extend(posts.into_iter().map(|(unit, posts)| self.person(person, unit, &posts)));
        }
        rows
    }

    fn person(&self, person: &Person, unit: Option<UnitId>, posts: &BTreeSet<&Name>) -> Cells {
        let mut cells = self.attributes(&person.attributes);
        let titles = posts.iter().filter_map(|post| self.form.post(post)).map(|post| post.title.zh.clone());
        cells.insert("name".to_owned(), person.name.clone());
        cells.insert("code".to_owned(), person.code.clone());
        cells.insert("phone".to_owned(), self.phones.get(&person.id).cloned().unwrap_or_default());
        cells.insert("title".to_owned(), person.title.clone());
        cells.insert("unit".to_owned(), unit.map(|unit| self.unit(unit)).unwrap_or_default());
        cells.insert("post".to_owned(), titles.collect::<Vec<_>>().join("、"));
        cells
    }

    /// Whether a post that is held stands in this sheet: in the first one for just that post, else in the first one with a column
    /// for posts that fits whether it is held in a unit, else in the first one with such a column.
    fn belongs(&self, holding: &Holding, sheet: &Sheet) -> bool {
        let has = |sheet: &Sheet, meaning: &str| sheet.columns.values().any(|of| **of == *meaning);
        let sheets = || self.form.sheets.iter().filter(|sheet| sheet.of == SheetKind::People);
        let fixed = |sheet: &&Sheet| {
            sheet.post.as_ref() == Some(&holding.post) && (holding.unit.is_none() || has(sheet, "unit"))
        };
        let of_duty = self.form.post(&holding.post).is_some_and(|post| post.duty.is_some());
        let wants_unit = holding.unit.is_some() || !of_duty;
        let open = |sheet: &&Sheet| sheet.post.is_none() && has(sheet, "post");
        let mine = sheets()
            .find(fixed)
            .or_else(|| sheets().find(|sheet| open(sheet) && has(sheet, "unit") == wants_unit))
            .or_else(|| sheets().find(open));
        mine.is_some_and(|mine| std::ptr::eq(mine, sheet))
    }

    fn group(&self, group: &UnitGroup) -> Cells {
        let members: Vec<String> = group.members.iter().map(|unit| self.unit(*unit)).collect();
        BTreeMap::from([
            ("name".to_owned(), group.name.clone()),
            ("aliases".to_owned(), group.aliases.join("\n")),
            ("members".to_owned(), members.join("、")),
        ])
    }

    fn attributes(&self, all: &BTreeMap<Name, Value>) -> Cells {
        all.iter().map(|(name, value)| (name.to_string(), self.value(value))).collect()
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Bool(true) => "是".to_owned(),
            Value::Bool(false) => "否".to_owned(),
            Value::Unit(unit) => self.unit(*unit),
            Value::Person(person) => self.named(*person),
            Value::List(all) => all.iter().map(|one| self.value(one)).collect::<Vec<_>>().join("、"),
            Value::Text(text) => text.clone(),
            Value::Null => String::new(),
            other => match other.to_json() {
                serde_json::Value::String(text) => text,
                json => json.to_string(),
            },
        }
    }

    fn unit(&self, unit: UnitId) -> String {
        self.org.unit(unit).map_or_else(String::new, |unit| unit.name.clone())
    }

    /// A person's name, with the staff number where others have the same.
    fn named(&self, person: PersonId) -> String {
        let Some(found) = self.org.person(person) else { return String::new() };
        let same = self.org.people().filter(|other| other.active && other.name == found.name).count();
        if same > 1 { format!("{}（{}）", found.name, found.code) } else { found.name.clone() }
    }
}
