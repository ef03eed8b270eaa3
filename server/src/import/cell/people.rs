//! People by name. A name that several people have is told apart by a bracket: staff number, unit or title of office.

use docket_engine::{org::Person, value::Value};

use super::{Reading, hint, quoted, split};
use crate::import::{directory::Directory, fold::is_blank, note::Remark, workbook::Cell};

/// Reads one person, or several where `several`.
#[must_use]
pub fn read(cell: &Cell, directory: &Directory<'_>, several: bool) -> Reading {
    if let Some(remark) = super::texts::unusable(cell) {
        return Reading::refused(remark);
    }
    let mut reading = Reading::nothing();
    let mut found: Vec<Value> = Vec::new();
    for name in names(&cell.shown(), directory) {
        match find(&name, directory) {
            Ok(person) => {
                let value = Value::Person(person.id);
                if !found.contains(&value) {
                    found.push(value);
                }
            }
            Err(remark) => reading.remarks.push(remark),
        }
    }
    if several {
        reading.value = if found.is_empty() { Value::Null } else { Value::List(found) };
    } else if found.len() > 1 {
        reading.remarks.push(Remark::error(
            "several-values",
            format!("这里只能填一人，却有 {} 人", found.len()),
            format!("one person is allowed here, but there are {}", found.len()),
        ));
    } else {
        reading.value = found.pop().unwrap_or(Value::Null);
    }
    reading
}

/// The names of a cell. Blanks separate names too, unless they stand inside one («周 一鸣»).
fn names(text: &str, directory: &Directory<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for name in split::names(text) {
        let (plain, _) = split::bracketed(&name);
        let parts: Vec<&str> = name.split(is_blank).filter(|part| !part.is_empty()).collect();
        let is_one = parts.len() < 2 || name.contains('(') || !directory.people_named(plain).is_empty();
        if is_one {
            names.push(name);
        } else {
            names.extend(parts.into_iter().map(str::to_owned));
        }
    }
    names
}

fn find<'a>(name: &str, directory: &Directory<'a>) -> Result<&'a Person, Remark> {
    let (plain, told) = split::bracketed(name);
    let people = directory.people_named(plain);
    let people: Vec<&Person> = match told {
        Some(word) if people.len() > 1 => {
            people.into_iter().filter(|person| directory.is_told_by(person, word)).collect()
        }
        _ => people,
    };
    match people.as_slice() {
        [person] => Ok(person),
        [] => {
            let (zh, en) = hint(&directory.people_like(plain));
            Err(Remark::error(
                "unknown-person",
                format!("没有“{name}”这个人。{zh}请改正姓名，或先在组织机构中添加"),
                format!(
                    "there is nobody called “{name}”.{en} Correct the name, or add the person to the organisation first"
                ),
            ))
        }
        several => {
            let codes: Vec<&str> = several.iter().map(|person| &*person.code).collect();
            Err(Remark::error(
                "ambiguous-person",
                format!("有 {} 人叫“{plain}”（工号{}）。请在姓名后用括号写明工号或单位", several.len(), quoted(&codes)),
                format!(
                    "{} people are called “{plain}” (staff numbers {}). Add the staff number or unit in brackets behind the name",
                    several.len(),
                    quoted(&codes).replace('、', ", "),
                ),
            ))
        }
    }
}
