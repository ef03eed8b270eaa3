//! Entries of a dictionary by name, title or alias.

use docket_engine::{
    definition::dictionary::{Dictionary, Entry},
    value::Value,
};

use super::{Reading, hint, split};
use crate::import::{fold::name_key, nearest::nearest, note::Remark, workbook::Cell};

/// How many entries a message lists.
const LISTED: usize = 12;

/// Reads one entry, or several where `several`.
#[must_use]
pub fn read(cell: &Cell, dictionary: &Dictionary, several: bool) -> Reading {
    if let Some(remark) = super::texts::unusable(cell) {
        return Reading::refused(remark);
    }
    let shown = cell.shown();
    if shown.is_empty() {
        return Reading::nothing();
    }
    let mut reading = Reading::nothing();
    let mut found: Vec<Value> = Vec::new();
    let whole = find(dictionary, &shown);
    let names = if whole.is_some() { vec![shown.clone()] } else { split::names(&shown) };
    for name in &names {
        match find(dictionary, name) {
            Some(entry) => {
                let value = Value::Text(entry.name.to_string());
                if !found.contains(&value) {
                    found.push(value);
                }
            }
            None => reading.remarks.push(unknown(dictionary, name)),
        }
    }
    if several {
        reading.value = Value::List(found);
    } else if found.len() > 1 {
        reading.remarks.push(Remark::error(
            "several-values",
            format!("这里只能填一项，却有 {} 项：{shown}", found.len()),
            format!("one value is allowed here, but there are {}: {shown}", found.len()),
        ));
    } else {
        reading.value = found.pop().unwrap_or(Value::Null);
    }
    reading
}

/// The entry called `name`.
#[must_use]
pub fn find<'a>(dictionary: &'a Dictionary, name: &str) -> Option<&'a Entry> {
    let key = name_key(name);
    dictionary.entries.iter().find(|entry| names_of(entry).any(|name| name_key(name) == key))
}

/// All names of an entry.
pub(in crate::import) fn names_of(entry: &Entry) -> impl Iterator<Item = &str> {
    [&*entry.name, &entry.title.zh, &entry.title.en].into_iter().chain(entry.aliases.iter().map(String::as_str))
}

fn unknown(dictionary: &Dictionary, name: &str) -> Remark {
    let (zh, en) = hint(&nearest(name, dictionary.entries.iter().flat_map(names_of)));
    let listed: Vec<&str> = dictionary.entries.iter().take(LISTED).map(|entry| &*entry.title.zh).collect();
    let more = if dictionary.entries.len() > LISTED { "…" } else { "" };
    Remark::error(
        "unknown-entry",
        format!("“{name}”不在字典“{}”中。{zh}可填：{}{more}", dictionary.title.zh, listed.join("、")),
        format!(
            "“{name}” is not in the dictionary “{}”.{en} Possible: {}{more}",
            dictionary.title.en,
            dictionary.entries.iter().take(LISTED).map(|entry| &*entry.title.en).collect::<Vec<_>>().join(", "),
        ),
    )
}
