//! From the rows of all sheets to a plan: names first, then what refers to them.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    definition::organisation::{Organisation, Post, SheetKind},
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit, UnitGroup},
    text::Name,
    value::parse_date,
};
use jiff::civil::Date;

use super::{
    Plan, Planned, Report, Row, Verdict, attributes,
    changed::{self, About},
    sheets::{Found, Raw},
};
use crate::import::{
    cell::{split, units},
    directory::Directory,
    fold::name_key,
    note::{Note, Remark},
    workbook::Cell,
};

/// Builds the plan.
pub(super) fn build(sheets: &[Found<'_>], form: &Organisation, org: &Org) -> Report {
    let names = Names::of(sheets, org);
    let sketch = names.org(org);
    let directory = Directory::new(&sketch);
    let known_groups = org.groups().iter().map(|group| group.name.clone()).collect();
    let mut builder = Builder {
        form,
        directory,
        names: &names,
        known_groups,
        rows: Vec::new(),
        about: Vec::new(),
        plan: Plan::default(),
    };
    for sheet in sheets {
        for raw in &sheet.rows {
            match sheet.expected.of {
                SheetKind::Units => builder.unit(raw, sheet),
                SheetKind::People => builder.person(raw, sheet),
                SheetKind::Groups => builder.group(raw, sheet),
            }
        }
    }
    builder.check_circles();
    changed::verdicts(&mut builder.rows, &builder.about, &builder.plan, org);
    Report { rows: builder.rows, plan: builder.plan }
}

/// Units and people by name and staff number, known ones and new ones: what rows may refer to.
struct Names {
    units: BTreeMap<String, Unit>,
    people: BTreeMap<String, Person>,
    /// The first id given to what is new; further ones are below it.
    first: i64,
}

impl Names {
    fn of(sheets: &[Found<'_>], org: &Org) -> Self {
        let mut units: BTreeMap<String, Unit> = org.units().map(|unit| (name_key(&unit.name), unit.clone())).collect();
        let mut people: BTreeMap<String, Person> =
            org.people().map(|person| (name_key(&person.code), person.clone())).collect();
        let least = org.units().map(|unit| unit.id.0).chain(org.people().map(|person| person.id.0)).min();
        let first = least.unwrap_or(0).min(0) - 1;
        let mut next = first;
        let mut seen = BTreeSet::new();
        for (sheet, raw) in sheets.iter().flat_map(|sheet| sheet.rows.iter().map(move |raw| (sheet, raw))) {
            let name = raw.text("name");
            if name.is_empty() {
                continue;
            }
            match sheet.expected.of {
                SheetKind::Units => {
                    let unit = units.entry(name_key(&name)).or_insert_with(|| new_unit(UnitId(next), &name));
                    if seen.insert(unit.id) {
                        unit.aliases = split::names(&raw.text("aliases"));
                    }
                }
                SheetKind::People if !raw.text("code").is_empty() => {
                    let code = raw.text("code");
                    let person = people.entry(name_key(&code)).or_insert_with(|| new_person(PersonId(next), &code));
                    person.name = name;
                    person.active = true;
                }
                _ => {}
            }
            next -= 1;
        }
        Self { units, people, first }
    }

    /// An organisation for looking names up.
    fn org(&self, org: &Org) -> Org {
        let holdings = org.people().flat_map(|person| org.holdings_of(person.id).cloned()).collect();
        let (units, people) = (self.units.values().cloned().collect(), self.people.values().cloned().collect());
        Org::new(units, people, holdings, org.groups().to_vec(), BTreeMap::new())
    }
}

fn new_unit(id: UnitId, name: &str) -> Unit {
    Unit {
        id,
        name: name.to_owned(),
        aliases: Vec::new(),
        parent: None,
        class: String::new(),
        order: 0,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    }
}

fn new_person(id: PersonId, code: &str) -> Person {
    Person {
        id,
        code: code.to_owned(),
        name: String::new(),
        title: String::new(),
        attributes: BTreeMap::new(),
        active: true,
    }
}

struct Builder<'a> {
    form: &'a Organisation,
    directory: Directory<'a>,
    names: &'a Names,
    known_groups: BTreeSet<String>,
    rows: Vec<Row>,
    /// What each of the rows is about.
    about: Vec<About>,
    plan: Plan,
}

impl Builder<'_> {
    fn unit(&mut self, raw: &Raw<'_>, sheet: &Found<'_>) {
        let name = raw.text("name");
        let mut notes = Vec::new();
        let Some(mut unit) = self.names.units.get(&name_key(&name)).cloned() else {
            return self.nameless(raw, sheet);
        };
        let is_twice = self.plan.units.iter().any(|one| one.id == unit.id);
        if is_twice {
            notes.push(twice(raw, "name", &name));
        }
        for alias in &unit.aliases {
            if !is_twice && self.names.units.values().any(|other| other.id != unit.id && is_called(other, alias)) {
                notes.push(alias_taken(raw, alias));
            }
        }
        if let Some((header, cell)) = raw.cells.get("parent") {
            let reading = attributes::one_unit(cell, &self.directory);
            unit.parent = attributes::unit_of(&reading.value);
            notes.extend(reading.remarks.into_iter().map(|remark| remark.at(header)));
        }
        if let Some((header, cell)) = raw.cells.get("successor") {
            let reading = attributes::one_unit(cell, &self.directory);
            unit.successor = attributes::unit_of(&reading.value);
            notes.extend(reading.remarks.into_iter().map(|remark| remark.at(header)));
        }
        validity(raw, sheet, &mut unit, &mut notes);
        if raw.cells.contains_key("class") {
            unit.class = raw.text("class");
        }
        if let Some((header, cell)) = raw.cells.get("order") {
            match cell.shown().parse() {
                Ok(order) => unit.order = order,
                Err(_) => notes.push(not_whole(header, &cell.shown())),
            }
        }
        let (declared, columns) = (&self.form.unit_attributes, &sheet.expected.columns);
        unit.attributes = attributes::read(raw, declared, &unit.attributes, columns, &self.directory, &mut notes);
        self.finish(raw, sheet, (name, unit.id.0 <= self.names.first), About::Unit(unit.id), notes);
        self.plan.units.push(unit);
    }

    fn person(&mut self, raw: &Raw<'_>, sheet: &Found<'_>) {
        let (name, code) = (raw.text("name"), raw.text("code"));
        let mut notes = Vec::new();
        let Some(mut person) = self.names.people.get(&name_key(&code)).cloned().filter(|_| !name.is_empty()) else {
            return self.nameless(raw, sheet);
        };
        if person.name != name {
            notes.push(code_of_another(raw, &code, &person.name));
        }
        if raw.cells.contains_key("title") {
            person.title = raw.text("title");
        }
        let unit = raw.cells.get("unit").and_then(|(header, cell)| {
            let reading = attributes::one_unit(cell, &self.directory);
            notes.extend(reading.remarks.into_iter().map(|remark| remark.at(header)));
            attributes::unit_of(&reading.value)
        });
        let posts = self.posts(raw, sheet, &mut notes);
        let id = person.id;
        let holdings: Vec<Holding> = posts.into_iter().map(|post| Holding { person: person.id, post, unit }).collect();
        let earlier = self.plan.people.iter_mut().find(|one| one.person.id == person.id);
        let before = earlier.as_ref().map_or(&person.attributes, |one| &one.person.attributes);
        let (declared, columns) = (&self.form.person_attributes, &sheet.expected.columns);
        person.attributes = attributes::read(raw, declared, before, columns, &self.directory, &mut notes);
        let phone = Some(raw.text("phone")).filter(|phone| !phone.is_empty());
        let is_new = person.id.0 <= self.names.first;
        match earlier {
            // A person may stand in several rows, once for each post.
            Some(earlier) => {
                earlier.person.attributes = person.attributes;
                earlier.phone = phone.or(earlier.phone.take());
                earlier
                    .holdings
                    .extend(holdings.into_iter().filter(|one| !earlier.holdings.contains(one)).collect::<Vec<_>>());
            }
            None => self.plan.people.push(Planned { person, phone, holdings }),
        }
        self.finish(raw, sheet, (name, is_new), About::Person(id), notes);
    }

    /// The posts of a row: those of its cell, else the sheet's.
    fn posts(&self, raw: &Raw<'_>, sheet: &Found<'_>, notes: &mut Vec<Note>) -> Vec<Name> {
        let Some((header, cell)) = raw.cells.get("post") else {
            if sheet.expected.post.is_none() {
                let columns = &sheet.expected.columns;
                let header = columns.iter().find(|(_, of)| ***of == *"post").map_or("", |(header, _)| header);
                let remark = Remark::error("no-post", "没有填岗位", "no post is given");
                notes.push(remark.at(header));
            }
            return sheet.expected.post.iter().cloned().collect();
        };
        let mut posts = Vec::new();
        for name in split::names(&cell.shown()) {
            match self.form.posts.iter().find(|post| is_titled(post, &name)) {
                Some(post) => posts.push(post.name.clone()),
                None => notes.push(self.unknown_post(header, &name)),
            }
        }
        posts
    }

    fn unknown_post(&self, header: &str, name: &str) -> Note {
        let titles: Vec<&str> = self.form.posts.iter().map(|post| &*post.title.zh).collect();
        let english: Vec<&str> = self.form.posts.iter().map(|post| &*post.title.en).collect();
        Remark::error(
            "unknown-post",
            format!("没有“{name}”这个岗位。可填：{}", titles.join("、")),
            format!("there is no post “{name}”. Possible: {}", english.join(", ")),
        )
        .at(header)
    }

    fn group(&mut self, raw: &Raw<'_>, sheet: &Found<'_>) {
        let name = raw.text("name");
        if name.is_empty() {
            return self.nameless(raw, sheet);
        }
        let mut notes = Vec::new();
        let mut members = Vec::new();
        if let Some((header, cell)) = raw.cells.get("members") {
            let read = units::read(cell, &self.directory);
            members = read.found.iter().map(|found| found.unit).collect();
            notes.extend(read.remarks.into_iter().map(|remark| remark.at(header)));
        }
        if self.plan.groups.iter().any(|group| group.name == name) {
            notes.push(twice(raw, "name", &name));
        }
        // A group's other names may hold the very characters that separate names elsewhere, so each has a line.
        let aliases = raw.text("aliases");
        let aliases = aliases.lines().map(|line| line.trim().to_owned()).filter(|alias| !alias.is_empty()).collect();
        let is_new = !self.known_groups.contains(&name);
        self.finish(raw, sheet, (name.clone(), is_new), About::Group(name.clone()), notes);
        self.plan.groups.push(UnitGroup { name, aliases, members });
    }

    fn finish(
        &mut self,
        raw: &Raw<'_>,
        sheet: &Found<'_>,
        (name, is_new): (String, bool),
        about: About,
        cells: Vec<Note>,
    ) {
        let verdict = match (cells.iter().all(Note::lets_in), is_new) {
            (false, _) => Verdict::Refused,
            (true, true) => Verdict::New,
            (true, false) => Verdict::Changed,
        };
        let person = match &about {
            About::Person(person) => Some(*person),
            About::Unit(_) | About::Group(_) | About::Nothing => None,
        };
        self.rows.push(Row { sheet: sheet.expected.name.clone(), row: raw.row, name, verdict, person, cells });
        self.about.push(about);
    }

    fn nameless(&mut self, raw: &Raw<'_>, sheet: &Found<'_>) {
        let columns = &sheet.expected.columns;
        let mut notes = Vec::new();
        for needed in ["name", "code"] {
            let header = columns.iter().find(|(_, meaning)| ***meaning == *needed).map(|(header, _)| header);
            if let Some(header) = header.filter(|_| raw.text(needed).is_empty()) {
                let remark =
                    Remark::error("required", format!("“{header}”不能为空"), format!("“{header}” must not be empty"));
                notes.push(remark.at(header));
            }
        }
        self.finish(raw, sheet, (raw.text("name"), true), About::Nothing, notes);
    }

    /// A unit must neither lie below itself nor be followed by itself.
    fn check_circles(&mut self) {
        let above = |unit: &Unit| Some((unit.id, unit.parent?));
        let after = |unit: &Unit| Some((unit.id, unit.successor?));
        let parents = self.plan.units.iter().filter_map(above).collect();
        let successors = self.plan.units.iter().filter_map(after).collect();
        for (row, about) in self.rows.iter_mut().zip(&self.about) {
            let About::Unit(unit) = about else { continue };
            let name = &row.name;
            let mut remarks = Vec::new();
            if is_circular(*unit, &parents) {
                let (zh, en) = (format!("“{name}”的上级单位绕成了圈"), format!("“{name}” lies below itself"));
                remarks.push(Remark::error("circular-units", zh, en));
            }
            if is_circular(*unit, &successors) {
                let (zh, en) = (format!("“{name}”的承继单位绕成了圈"), format!("“{name}” is followed by itself"));
                remarks.push(Remark::error("circular-successors", zh, en));
            }
            if !remarks.is_empty() {
                row.verdict = Verdict::Refused;
                row.cells.extend(remarks.into_iter().map(|remark| remark.at("")));
            }
        }
    }
}

/// Whether the way from a unit comes to one twice.
fn is_circular(start: UnitId, next: &BTreeMap<UnitId, UnitId>) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = start;
    while let Some(further) = next.get(&at) {
        if !seen.insert(at) {
            return true;
        }
        at = *further;
    }
    false
}

/// Reads from when to when a unit is in force; a sheet without these columns leaves that alone.
fn validity(raw: &Raw<'_>, sheet: &Found<'_>, unit: &mut Unit, notes: &mut Vec<Note>) {
    let has = |meaning: &str| sheet.expected.columns.values().any(|of| **of == *meaning);
    let mut day = |meaning: &str, before: Option<Date>| {
        let Some((header, cell)) = raw.cells.get(meaning) else { return before.filter(|_| !has(meaning)) };
        let read = match cell {
            Cell::Date(date) => Some(*date),
            cell => parse_date(cell.shown().trim()),
        };
        if read.is_none() {
            let shown = cell.shown();
            let remark = Remark::error(
                "not-a-date",
                format!("“{shown}”不是日期，应写成 2026-03-31"),
                format!("“{shown}” is no date: write 2026-03-31"),
            );
            notes.push(remark.at(header));
        }
        read
    };
    unit.from = day("from", unit.from);
    unit.to = day("to", unit.to);
    if let (Some(from), Some(to)) = (unit.from, unit.to)
        && to < from
    {
        let remark = Remark::error("ends-before-it-begins", "撤销日期早于设立日期", "it ends before it begins");
        notes.push(remark.at(header_of(raw, "to")));
    }
    if unit.successor.is_some() && unit.to.is_none() {
        let remark = Remark::error(
            "successor-without-end",
            "填了承继单位，也要填撤销日期",
            "a unit with a successor needs the day on which it ends",
        );
        notes.push(remark.at(header_of(raw, "successor")));
    }
}

fn is_called(unit: &Unit, name: &str) -> bool {
    let key = name_key(name);
    std::iter::once(&unit.name).chain(&unit.aliases).any(|one| name_key(one) == key)
}

fn is_titled(post: &Post, name: &str) -> bool {
    let key = name_key(name);
    [&post.title.zh, &post.title.en, &*post.name].iter().any(|one| name_key(one) == key)
}

fn header_of<'a>(raw: &Raw<'a>, meaning: &str) -> &'a str {
    raw.cells.get(meaning).map_or("", |(header, _)| header)
}

fn twice(raw: &Raw<'_>, meaning: &str, name: &str) -> Note {
    Remark::error("twice", format!("“{name}”在表中出现了两次"), format!("“{name}” stands twice in the workbook"))
        .at(header_of(raw, meaning))
}

fn alias_taken(raw: &Raw<'_>, alias: &str) -> Note {
    Remark::error(
        "alias-taken",
        format!("“{alias}”已是另一个单位的名称或别名"),
        format!("“{alias}” is another unit's name or alias"),
    )
    .at(header_of(raw, "aliases"))
}

fn code_of_another(raw: &Raw<'_>, code: &str, name: &str) -> Note {
    Remark::error(
        "code-of-another",
        format!("工号“{code}”同时用于“{name}”"),
        format!("the staff number “{code}” is used for “{name}” too"),
    )
    .at(header_of(raw, "code"))
}

fn not_whole(header: &str, text: &str) -> Note {
    Remark::error("not-a-number", format!("“{text}”不是整数"), format!("“{text}” is not a whole number")).at(header)
}
