//! Units by name, alias or group; several in one cell; a bracket names a subordinate unit or is kept as a remark;
//! «牵头：…；配合：…» tells who leads.

use docket_engine::id::UnitId;

use super::{hint, quoted, split};
use crate::import::{
    directory::{Directory, Named},
    fold::{folded, is_blank},
    note::Remark,
    workbook::Cell,
};

/// Words before a colon, or in a bracket, that say who leads.
const LEADS: [&str; 8] = ["牵头单位", "牵头部门", "责任单位", "主办单位", "主责单位", "牵头", "主办", "责任"];
/// Words that say who co-operates.
const CO_OPERATES: [&str; 12] = [
    "协同配合单位",
    "配合单位",
    "配合部门",
    "协办单位",
    "协同单位",
    "参与单位",
    "协同配合",
    "配合",
    "协办",
    "协同",
    "参与",
    "会办",
];
/// What an open list ends with.
const AND_OTHERS: [&str; 5] = ["等相关单位", "等有关单位", "等单位", "等部门", "等"];

/// What the cell says about a unit's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It leads.
    Leads,
    /// It co-operates.
    CoOperates,
}

/// A unit as found in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub unit: UnitId,
    /// Its part, where the cell says so.
    pub part: Option<Part>,
    /// Whether it was named as a member of a group.
    pub of_group: bool,
}

/// What a cell of units gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Units {
    /// The units in the order of the cell, each once.
    pub found: Vec<Found>,
    /// What is to be said about the cell.
    pub remarks: Vec<Remark>,
    /// Names with brackets that are remarks, as the cell has them.
    pub kept: Vec<String>,
}

/// Reads the units of a cell.
#[must_use]
pub fn read(cell: &Cell, directory: &Directory<'_>) -> Units {
    let mut units = Units::default();
    if let Some(remark) = super::texts::unusable(cell) {
        units.remarks.push(remark);
        return units;
    }
    for (name, part) in segments(&cell.shown(), directory) {
        resolve(&name, part, directory, &mut units);
    }
    units
}

/// The names of a cell with what labels before them say. A name of the directory is found whole, whatever separators and brackets
/// it holds («各县（区）、街»).
fn segments(text: &str, directory: &Directory<'_>) -> Vec<(String, Option<Part>)> {
    let text: Vec<char> = folded(text).chars().map(split::bracket).collect();
    let mut segments = Vec::new();
    let mut part = None;
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((length, labelled)) = label(rest) {
            part = Some(labelled);
            at += length;
            continue;
        }
        if rest.first().is_some_and(|c| split::SEPARATORS.contains(c) || is_blank(*c)) {
            at += 1;
            continue;
        }
        let length = known_name(rest, directory).unwrap_or_else(|| name_length(rest));
        segments.push((rest.iter().take(length).collect(), part));
        at += length.max(1);
    }
    segments
}

/// The length of a label at the beginning of `text`, colon included.
fn label(text: &[char]) -> Option<(usize, Part)> {
    let labels =
        LEADS.iter().map(|word| (word, Part::Leads)).chain(CO_OPERATES.iter().map(|word| (word, Part::CoOperates)));
    for (word, part) in labels {
        let length = word.chars().count();
        if word.chars().eq(text.iter().take(length).copied()) {
            let blanks = text.iter().skip(length).take_while(|c| is_blank(**c)).count();
            if text.get(length + blanks) == Some(&':') {
                return Some((length + blanks + 1, part));
            }
        }
    }
    None
}

/// The length of the longest name of the directory that `text` begins with, where it ends at a separator or bracket.
fn known_name(text: &[char], directory: &Directory<'_>) -> Option<usize> {
    let longest = text.len().min(directory.longest() * 2);
    (1..=longest).rev().find(|length| {
        let ends = text.get(*length).is_none_or(|c| split::SEPARATORS.contains(c) || is_blank(*c));
        ends && directory.units_named(&text.iter().take(*length).collect::<String>()).is_some()
    })
}

/// The length of a name up to the next separator outside brackets. A blank ends it where a label follows.
fn name_length(text: &[char]) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && split::SEPARATORS.contains(c) => return at,
            c if depth == 0 && is_blank(*c) && label(text.get(at + 1..).unwrap_or_default()).is_some() => return at,
            _ => {}
        }
    }
    text.len()
}

fn resolve(name: &str, part: Option<Part>, directory: &Directory<'_>, units: &mut Units) {
    if let Some(named) = directory.units_named(name) {
        return add(named, name, part, directory, units);
    }
    let (plain, inner) = split::bracketed(name);
    if let (Some(inner), Some(named)) = (inner, directory.units_named(plain)) {
        return in_bracket(named, name, inner, part, directory, units);
    }
    if let Some((named, short)) = open_list(name, directory) {
        add(named, short, part, directory, units);
        units.kept.push(name.to_owned());
        units.remarks.push(Remark::warning(
            "and-others",
            format!("“{name}”没有写全，只记入“{short}”，原文保留"),
            format!("“{name}” leaves units unnamed: only “{short}” is taken, and the text is kept"),
        ));
        return;
    }
    let parts: Vec<&str> = name.split(is_blank).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && !name.contains('(') {
        for one in parts {
            resolve(one, part, directory, units);
        }
        return;
    }
    let (zh, en) = hint(&directory.units_like(plain));
    units.remarks.push(Remark::error(
        "unknown-unit",
        format!("没有“{name}”这个单位。{zh}请改正单位名称，或先在组织机构中添加"),
        format!("there is no unit “{name}”.{en} Correct the name, or add the unit to the organisation first"),
    ));
}

/// «某单位等».
fn open_list<'a, 'b>(name: &'b str, directory: &Directory<'a>) -> Option<(Named<'a>, &'b str)> {
    AND_OTHERS.iter().find_map(|ending| {
        let short = name.strip_suffix(ending)?;
        Some((directory.units_named(short)?, short))
    })
}

/// A unit with a bracket behind it: its part, a unit below it, or a remark.
fn in_bracket(
    named: Named<'_>,
    name: &str,
    inner: &str,
    part: Option<Part>,
    directory: &Directory<'_>,
    units: &mut Units,
) {
    if LEADS.contains(&inner) {
        return add(named, name, Some(Part::Leads), directory, units);
    }
    if CO_OPERATES.contains(&inner) {
        return add(named, name, Some(Part::CoOperates), directory, units);
    }
    let below = match &named {
        Named::Unit(unit) => directory.below(*unit, inner),
        _ => Vec::new(),
    };
    match below.as_slice() {
        [unit] => push(*unit, part, false, units),
        [] => {
            units.remarks.push(Remark::warning(
                "unit-remark",
                format!("“{name}”括号中的“{inner}”不是下属单位，作为单位说明保留"),
                format!("“{inner}” in “{name}” is no subordinate unit; it is kept as a remark"),
            ));
            units.kept.push(name.to_owned());
            add(named, name, part, directory, units);
        }
        several => units.remarks.push(ambiguous(name, several, directory)),
    }
}

fn add(named: Named<'_>, name: &str, part: Option<Part>, directory: &Directory<'_>, units: &mut Units) {
    match named {
        Named::Unit(unit) => push(unit, part, false, units),
        Named::Group(group) => group.members.iter().for_each(|unit| push(*unit, part, true, units)),
        Named::Several(several) => units.remarks.push(ambiguous(name, &several, directory)),
    }
}

fn push(unit: UnitId, part: Option<Part>, of_group: bool, units: &mut Units) {
    if !units.found.iter().any(|found| found.unit == unit) {
        units.found.push(Found { unit, part, of_group });
    }
}

fn ambiguous(name: &str, several: &[UnitId], directory: &Directory<'_>) -> Remark {
    let names: Vec<&str> = several.iter().map(|unit| directory.unit_name(*unit)).collect();
    Remark::error(
        "ambiguous-unit",
        format!("“{name}”可能是{}。请写全称", quoted(&names)),
        format!("“{name}” may be {}. Write the full name", quoted(&names).replace('、', ", ")),
    )
}
