//! The attributes of a unit or person, read by their kinds.

use std::collections::BTreeMap;

use docket_engine::{
    definition::form::FieldKind,
    id::UnitId,
    text::{Name, Text},
    value::Value,
};

use super::sheets::Raw;
use crate::import::{
    cell::{Reading, people, plain, texts, units},
    directory::Directory,
    note::{Note, Remark},
    workbook::Cell,
};

/// Reads the attributes of a row. `before` are those that it has, which a sheet without their column leaves alone.
pub(super) fn read(
    raw: &Raw<'_>,
    declared: &BTreeMap<Name, (Text, FieldKind)>,
    before: &BTreeMap<Name, Value>,
    columns: &BTreeMap<String, Name>,
    directory: &Directory<'_>,
    notes: &mut Vec<Note>,
) -> BTreeMap<Name, Value> {
    let mut attributes = before.clone();
    for (name, (_, kind)) in declared {
        if !columns.values().any(|meaning| meaning == name) {
            continue;
        }
        attributes.remove(name);
        let Some((header, cell)) = raw.cells.get(&**name) else { continue };
        let reading = of_kind(cell, kind, directory);
        notes.extend(reading.remarks.into_iter().map(|remark| remark.at(header)));
        if !reading.value.is_absent() {
            attributes.insert(name.clone(), reading.value);
        }
    }
    attributes
}

fn of_kind(cell: &Cell, kind: &FieldKind, directory: &Directory<'_>) -> Reading {
    match kind {
        FieldKind::Bool => plain::yes_or_no(cell),
        FieldKind::Choice(choices) => plain::choice(cell, choices),
        FieldKind::Person => people::read(cell, directory, false),
        FieldKind::Unit => one_unit(cell, directory),
        FieldKind::List(of) if **of == FieldKind::Person => people::read(cell, directory, true),
        FieldKind::List(of) if **of == FieldKind::Unit => several_units(cell, directory),
        FieldKind::Text { multiline } => texts::read(cell, *multiline, None),
        _ => Reading::refused(Remark::error(
            "unreadable-kind",
            "这种类型的属性不能从表格导入",
            "an attribute of this kind cannot be read from a spreadsheet",
        )),
    }
}

/// One unit.
pub(super) fn one_unit(cell: &Cell, directory: &Directory<'_>) -> Reading {
    let read = units::read(cell, directory);
    let mut reading = Reading { remarks: read.remarks, ..Reading::nothing() };
    match read.found.as_slice() {
        [] => {}
        [found] => reading.value = Value::Unit(found.unit),
        several => reading.remarks.push(Remark::error(
            "several-values",
            format!("这里只能填一个单位，却有 {} 个", several.len()),
            format!("one unit is allowed here, but there are {}", several.len()),
        )),
    }
    reading
}

fn several_units(cell: &Cell, directory: &Directory<'_>) -> Reading {
    let read = units::read(cell, directory);
    let units = read.found.iter().map(|found| Value::Unit(found.unit)).collect();
    Reading { value: Value::List(units), remarks: read.remarks, ..Reading::nothing() }
}

/// The unit that a reading gave.
pub(super) const fn unit_of(value: &Value) -> Option<UnitId> {
    match value {
        Value::Unit(unit) => Some(*unit),
        _ => None,
    }
}
