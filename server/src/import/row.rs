//! One row: every cell by its field's kind, into the fields of the item that it would become.

use std::collections::BTreeMap;

use docket_engine::{
    definition::{
        dictionary::Dictionary,
        form::{Field, FieldKind, WellKnown},
        module::ImportColumn,
    },
    text::{Name, Text},
    value::Value,
};
use serde_json::{Map, Value as Json};

use super::{
    cell::{
        Reading, dates, entries, people, plain, texts,
        units::{self, Part},
    },
    directory::Directory,
    fold::name_key,
    note::{Note, Remark, Severity},
    report::Draft,
    setting::Setting,
    shown,
    table::{Column, Table},
    workbook::Cell,
};
use crate::{
    app::validate::{Demand, Validators, World},
    failure::{Failure, pointer_token},
};

/// How many notes one cell gets; further ones are only counted.
const NOTES_PER_CELL: usize = 10;

/// Reads the rows of one table.
#[derive(Debug)]
pub struct Reader<'a> {
    setting: &'a Setting<'a>,
    directory: &'a Directory<'a>,
    table: &'a Table<'a>,
    from_1904: bool,
    validators: Validators,
}

/// A row under way.
#[derive(Default)]
struct Row {
    values: BTreeMap<Name, Value>,
    kept: BTreeMap<Name, Vec<String>>,
    notes: Vec<Note>,
    proposed: Map<String, Json>,
}

impl<'a> Reader<'a> {
    /// A reader of `table`; bare serial numbers count from 1904 where `from_1904` says so.
    #[must_use]
    pub fn new(setting: &'a Setting<'a>, directory: &'a Directory<'a>, table: &'a Table<'a>, from_1904: bool) -> Self {
        Self { setting, directory, table, from_1904, validators: Validators::default() }
    }

    /// Reads row `at`, from 0.
    #[must_use]
    pub fn read(&self, at: u32) -> Draft {
        let mut row = Row::default();
        let mut values = Map::new();
        for column in &self.table.columns {
            let cell = self.cell(at, column.at);
            values.insert(column.header().to_owned(), Json::String(cell.shown()));
            self.read_cell(cell, column, &mut row);
        }
        self.keep_texts(&mut row);
        self.give_categories(&mut row);
        self.need_required(&mut row);
        if self.table.sheet.is_hidden(at) {
            row.notes.push(hidden_row().at(self.identity_header()));
        }
        let fields = self.fields(&row);
        self.fit_form(fields.clone(), &mut row);
        Draft {
            row: at + 1,
            hidden: self.table.sheet.is_hidden(at),
            item: shown::item(self.setting.form, &fields, self.directory),
            title: self.text_of(WellKnown::Title, &row),
            left_out: self.is_left_out(&row),
            proposed: row.proposed,
            notes: row.notes,
            values,
            fields,
        }
    }

    /// The cell, through a merged range that spans rows of items: each of them has its value. A range that spans columns belongs
    /// to its first.
    fn cell(&self, row: u32, column: u32) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        let (from_row, from_column) = self.table.sheet.anchor(row, column);
        if from_column == column && from_row > *self.table.header.end() {
            self.table.sheet.own(from_row, from_column)
        } else {
            NOTHING
        }
    }

    fn read_cell(&self, cell: &Cell, column: &Column<'_>, row: &mut Row) {
        let Some(known) = column.known else { return };
        let Some(field) = known.field.as_ref().and_then(|name| self.setting.form.field(name)) else { return };
        let reading = match &field.kind {
            FieldKind::Unit => return self.read_unit(cell, known, field, row),
            FieldKind::List(of) => match &**of {
                FieldKind::Unit => return self.read_units(cell, known, field, row),
                FieldKind::Person => people::read(cell, self.directory, true),
                FieldKind::Entry { dictionary } => self.entry(cell, dictionary, true),
                _ => list_of_texts(cell, field),
            },
            FieldKind::Person => people::read(cell, self.directory, false),
            FieldKind::Entry { dictionary } => self.entry(cell, dictionary, false),
            FieldKind::Date => self.date(cell, row),
            FieldKind::Text { multiline } => texts::read(cell, *multiline, field.max_length),
            FieldKind::Number => plain::number(cell, field),
            FieldKind::Bool => plain::yes_or_no(cell),
            FieldKind::Choice(choices) => plain::choice(cell, choices),
        };
        self.take(reading, known, field, row);
    }

    fn take(&self, reading: Reading, known: &ImportColumn, field: &Field, row: &mut Row) {
        tell(reading.remarks, &known.header, row);
        if let Some(text) = reading.kept {
            keep(text, known, row);
        }
        let mut proposed: Vec<Json> =
            reading.proposed.iter().map(|value| shown::named(value, self.directory)).collect();
        if !proposed.is_empty() {
            let one = if proposed.len() == 1 { proposed.remove(0) } else { Json::Array(proposed) };
            row.proposed.insert(shown::name_of(field).to_owned(), one);
        }
        if !reading.value.is_absent() {
            row.values.insert(field.name.clone(), reading.value);
        }
    }

    fn entry(&self, cell: &Cell, dictionary: &str, several: bool) -> Reading {
        match self.dictionary(dictionary) {
            Some(dictionary) => entries::read(cell, dictionary, several),
            None => Reading::refused(Remark::error(
                "no-dictionary",
                format!("字典“{dictionary}”不存在。请联系系统管理员"),
                format!("there is no dictionary “{dictionary}”. Ask the system administrator"),
            )),
        }
    }

    fn dictionary(&self, name: &str) -> Option<&Dictionary> {
        self.setting.context.registry.dictionaries.get(name).map(|dictionary| &**dictionary)
    }

    /// A date, and the cycle where the text names one beside it («每月推进，2026年12月底前») and no column is for it.
    fn date(&self, cell: &Cell, row: &mut Row) -> Reading {
        let calendar = dates::Calendar {
            today: self.setting.context.today(),
            from_1904: self.from_1904,
            open_ended: &self.setting.import.open_ended,
        };
        let mut reading = dates::read(cell, calendar);
        let Some(cycle) = self.setting.playing(WellKnown::Cycle).filter(|cycle| !self.has_column(cycle)) else {
            return reading;
        };
        let FieldKind::Entry { dictionary } = &cycle.kind else { return reading };
        let text = reading.kept.as_deref().map(name_key).unwrap_or_default();
        let named = self.dictionary(dictionary).into_iter().flat_map(|dictionary| &dictionary.entries).find(|entry| {
            entries::names_of(entry).any(|name| name.chars().count() > 1 && text.starts_with(&name_key(name)))
        });
        if let Some(entry) = named {
            row.values.insert(cycle.name.clone(), Value::Text(entry.name.to_string()));
            reading = reading.with(Remark::warning(
                "cycle-from-date",
                format!("“{}”按“{}”取自这里的文字", cycle.title.zh, entry.title.zh),
                format!("“{}” is taken from the text here: “{}”", cycle.title.en, entry.title.en),
            ));
        }
        reading
    }

    /// One unit. In the column of the lead unit, the first of several leads and the others co-operate.
    fn read_unit(&self, cell: &Cell, known: &ImportColumn, field: &Field, row: &mut Row) {
        let units = self.units(cell, known, row);
        let leads = units.found.iter().position(|found| found.part == Some(Part::Leads));
        let Some(first) = leads.map_or_else(|| units.found.first(), |at| units.found.get(at)) else { return };
        let others: Vec<&units::Found> = units.found.iter().filter(|found| found.unit != first.unit).collect();
        let note = |remark: Remark| remark.at(&known.header);
        if first.of_group {
            row.notes.push(note(Remark::error(
                "group-leads",
                "单位组不能牵头。请写明牵头的一个单位",
                "a group of units cannot lead. Name the one unit that leads",
            )));
            return;
        }
        row.values.insert(field.name.clone(), Value::Unit(first.unit));
        if others.is_empty() {
            return;
        }
        let co_units = self.setting.playing(WellKnown::CoUnits).filter(|_| field.role == Some(WellKnown::LeadUnit));
        let Some(co_units) = co_units else {
            row.notes.push(note(Remark::error(
                "several-values",
                format!("这里只能填一个单位，却有 {} 个", units.found.len()),
                format!("one unit is allowed here, but there are {}", units.found.len()),
            )));
            return;
        };
        if others.iter().any(|other| other.part != Some(Part::CoOperates)) {
            let lead = self.directory.unit_name(first.unit);
            let rest: Vec<&str> = others.iter().map(|other| self.directory.unit_name(other.unit)).collect();
            row.notes.push(note(Remark::warning(
                "several-lead-units",
                format!("有多个单位：“{lead}”牵头，{}列为“{}”", rest.join("、"), co_units.title.zh),
                format!("several units: “{lead}” leads, {} become “{}”", rest.join(", "), co_units.title.en),
            )));
        }
        add_units(co_units, others.into_iter().map(|other| Value::Unit(other.unit)), row);
    }

    fn read_units(&self, cell: &Cell, known: &ImportColumn, field: &Field, row: &mut Row) {
        let units = self.units(cell, known, row);
        add_units(field, units.found.iter().map(|found| Value::Unit(found.unit)), row);
    }

    fn units(&self, cell: &Cell, known: &ImportColumn, row: &mut Row) -> units::Units {
        let mut units = units::read(cell, self.directory);
        tell(std::mem::take(&mut units.remarks), &known.header, row);
        for text in units.kept.drain(..) {
            keep(text, known, row);
        }
        units
    }

    /// Writes the texts kept beside values into the fields for them.
    fn keep_texts(&self, row: &mut Row) {
        for (name, kept) in std::mem::take(&mut row.kept) {
            let Some(field) = self.setting.form.field(&name) else { continue };
            let reading = texts::read(&Cell::Text(kept.join("；")), true, field.max_length);
            let column = self.header_of(field);
            row.notes.extend(reading.remarks.into_iter().map(|remark| remark.at(&column)));
            if !reading.value.is_absent() {
                row.values.insert(name, reading.value);
            }
        }
        self.lead_is_no_co_unit(row);
    }

    /// A lead unit named again among the co-units is meant once.
    fn lead_is_no_co_unit(&self, row: &mut Row) {
        let role = |role| self.setting.playing(role).map(|field| field.name.clone());
        let (Some(lead), Some(co_units)) = (role(WellKnown::LeadUnit), role(WellKnown::CoUnits)) else { return };
        let Some(lead) = row.values.get(&lead).cloned() else { return };
        if let Some(Value::List(units)) = row.values.get_mut(&co_units) {
            units.retain(|unit| *unit != lead);
        }
    }

    /// Without a column for them, the chosen categories are the row's (R23).
    fn give_categories(&self, row: &mut Row) {
        let Some(field) = self.setting.playing(WellKnown::Category).filter(|field| !self.has_column(field)) else {
            return;
        };
        let chosen = self.setting.chosen.iter().map(|name| Value::Text(name.to_string())).collect();
        row.values.insert(field.name.clone(), Value::List(chosen));
    }

    fn need_required(&self, row: &mut Row) {
        for field in self.setting.form.fields.iter().filter(|field| field.required && !field.read_only) {
            let column = self.header_of(field);
            let absent = row.values.get(&field.name).is_none_or(Value::is_absent);
            if absent && row.notes.iter().all(|note| note.column != column || note.lets_in()) {
                row.notes.push(
                    Remark::error("required", format!("“{column}”不能为空"), format!("“{column}” must not be empty"))
                        .at(&column),
                );
            }
        }
    }

    /// What the readers let pass and the form does not: a pattern, a smallest length, a field that nobody writes.
    fn fit_form(&self, fields: Map<String, Json>, row: &mut Row) {
        let world = World { org: &self.setting.context.org, registry: &self.setting.context.registry };
        let checked = self.validators.check(self.setting.form, fields, Demand::AsFarAsGiven, "", world);
        let faults = match checked {
            Ok(_) => return,
            Err(Failure::Invalid(faults)) => faults,
            Err(failure) => return row.notes.push(bad_form(&failure).at(self.identity_header())),
        };
        for fault in faults {
            let name = fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            let field = self.setting.form.fields.iter().find(|field| pointer_token(&field.name) == name);
            let column = field.map_or_else(String::new, |field| self.header_of(field));
            if row.notes.iter().all(|note| note.column != column || note.lets_in()) {
                let remark = Remark { severity: Severity::Error, code: "invalid-value", message: fault.message };
                row.notes.push(remark.at(&column));
            }
        }
    }

    /// The header of the column that fills a field; the field's title where none does.
    fn header_of(&self, field: &Field) -> String {
        self.column_of(field).map_or_else(|| field.title.zh.clone(), |known| known.header.clone())
    }

    /// The header of the column of titles, for notes about a whole row.
    fn identity_header(&self) -> &str {
        let column = self.setting.identity().and_then(|field| self.column_of(field));
        column.map_or("", |known| &known.header)
    }

    fn has_column(&self, field: &Field) -> bool {
        self.column_of(field).is_some()
    }

    fn column_of(&self, field: &Field) -> Option<&ImportColumn> {
        let mut known = self.table.columns.iter().filter_map(|column| column.known);
        known.find(|known| known.field.as_ref() == Some(&field.name))
    }

    fn text_of(&self, role: WellKnown, row: &Row) -> Option<String> {
        match row.values.get(&self.setting.playing(role)?.name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn is_left_out(&self, row: &Row) -> bool {
        let Some(field) = self.setting.playing(WellKnown::Category) else { return false };
        let column = self.header_of(field);
        let readable = row.notes.iter().all(|note| note.column != column || note.lets_in());
        let is_chosen = |value: &Value| match value {
            Value::Text(name) => self.setting.chosen.iter().any(|chosen| **chosen == **name),
            _ => false,
        };
        match row.values.get(&field.name) {
            Some(Value::List(all)) => readable && !all.iter().any(is_chosen),
            Some(value) => readable && !is_chosen(value),
            None => false,
        }
    }

    fn fields(&self, row: &Row) -> Map<String, Json> {
        let named = self.setting.form.fields.iter().filter_map(|field| Some((field, row.values.get(&field.name)?)));
        named
            .filter(|(_, value)| !value.is_absent())
            .map(|(field, value)| (field.name.to_string(), value.to_json()))
            .collect()
    }
}

fn bad_form(failure: &Failure) -> Remark {
    Remark::error(
        "bad-form",
        format!("表单定义有误（{failure}）。请联系系统管理员"),
        format!("the form is defined wrongly ({failure}). Ask the system administrator"),
    )
}

fn hidden_row() -> Remark {
    Remark::warning(
        "hidden-row",
        "这一行在表格中是隐藏的；不需要时请选择不导入",
        "the spreadsheet hides this row; leave it out where it is not meant",
    )
}

/// Adds the remarks about one cell, as many as a reader can take in.
fn tell(remarks: Vec<Remark>, header: &str, row: &mut Row) {
    let more = remarks.len().saturating_sub(NOTES_PER_CELL);
    let gravest = remarks.iter().skip(NOTES_PER_CELL).map(|remark| remark.severity).min();
    row.notes.extend(remarks.into_iter().take(NOTES_PER_CELL).map(|remark| remark.at(header)));
    if let Some(severity) = gravest {
        let message = Text::new(format!("这一格还有 {more} 处提示"), format!("{more} more notes on this cell"));
        row.notes.push(Remark { severity, code: "more-notes", message }.at(header));
    }
}

fn keep(text: String, known: &ImportColumn, row: &mut Row) {
    if let Some(field) = &known.remark {
        row.kept.entry(field.clone()).or_default().push(text);
    }
}

/// Adds units to a list field, each once.
fn add_units(field: &Field, units: impl Iterator<Item = Value>, row: &mut Row) {
    let entry = row.values.entry(field.name.clone()).or_insert_with(|| Value::List(Vec::new()));
    if let Value::List(all) = entry {
        for unit in units {
            if !all.contains(&unit) {
                all.push(unit);
            }
        }
    }
}

/// A list of texts: one for each line.
fn list_of_texts(cell: &Cell, field: &Field) -> Reading {
    let mut reading = texts::read(cell, true, None);
    if let Value::Text(text) = &reading.value {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<Value> = lines.map(|line| Value::Text(line.to_owned())).collect();
        if let Some(longest) = field.max_length.filter(|longest| lines.len() as u64 > *longest) {
            return Reading::refused(Remark::error(
                "too-many",
                format!("有 {} 项，最多 {longest} 项", lines.len()),
                format!("{} entries, of which {longest} are allowed", lines.len()),
            ));
        }
        reading.value = Value::List(lines);
    }
    reading
}
