//! Numbers, yes or no, and choices.

use docket_engine::{
    definition::form::Field,
    text::{Name, Text},
    value::Value,
};
use rust_decimal::Decimal;

use super::Reading;
use crate::import::{
    fold::{folded, name_key},
    note::Remark,
    workbook::Cell,
};

/// Reads a decimal number: digits, a sign, thousands separated, a per cent sign as hundredths.
#[must_use]
pub fn number(cell: &Cell, field: &Field) -> Reading {
    if let Some(remark) = super::texts::unusable(cell) {
        return Reading::refused(remark);
    }
    let shown = folded(&cell.shown());
    if shown.is_empty() {
        return Reading::nothing();
    }
    let plain = shown.replace([',', ' '], "");
    let (digits, hundredths) = plain.strip_suffix('%').map_or((plain.as_str(), false), |digits| (digits, true));
    let number = digits
        .parse::<Decimal>()
        .ok()
        .and_then(|number| if hundredths { number.checked_div(Decimal::ONE_HUNDRED) } else { Some(number) });
    let Some(number) = number else {
        return Reading::refused(Remark::error(
            "not-a-number",
            format!("“{shown}”不是数字"),
            format!("“{shown}” is not a number"),
        ));
    };
    let below = field.minimum.filter(|minimum| number < *minimum);
    let above = field.maximum.filter(|maximum| number > *maximum);
    if let Some(bound) = below.or(above) {
        let (zh, en) =
            if below.is_some() { ("小于最小值", "less than") } else { ("大于最大值", "more than") };
        return Reading::refused(Remark::error(
            "out-of-range",
            format!("{number} {zh} {bound}"),
            format!("{number} is {en} {bound}"),
        ));
    }
    Reading::of(Value::Number(number.normalize()))
}

/// Reads yes or no.
#[must_use]
pub fn yes_or_no(cell: &Cell) -> Reading {
    const YES: [&str; 8] = ["是", "有", "√", "✓", "y", "yes", "true", "1"];
    const NO: [&str; 8] = ["否", "无", "×", "✗", "n", "no", "false", "0"];
    let key = name_key(&cell.shown());
    match key.as_str() {
        "" => Reading::nothing(),
        yes if YES.contains(&yes) => Reading::of(Value::Bool(true)),
        no if NO.contains(&no) => Reading::of(Value::Bool(false)),
        other => Reading::refused(Remark::error(
            "not-yes-or-no",
            format!("“{other}”应为“是”或“否”"),
            format!("“{other}” should be yes or no"),
        )),
    }
}

/// Reads one of the listed values, by its name or title.
#[must_use]
pub fn choice(cell: &Cell, choices: &[(Name, Text)]) -> Reading {
    let shown = cell.shown();
    let key = name_key(&shown);
    if key.is_empty() {
        return Reading::nothing();
    }
    let is_it = |(name, title): &&(Name, Text)| [&**name, &title.zh, &title.en].iter().any(|one| name_key(one) == key);
    if let Some((name, _)) = choices.iter().find(is_it) {
        return Reading::of(Value::Text(name.to_string()));
    }
    let titles: Vec<&str> = choices.iter().map(|(_, title)| &*title.zh).collect();
    let english: Vec<&str> = choices.iter().map(|(_, title)| &*title.en).collect();
    Reading::refused(Remark::error(
        "unknown-choice",
        format!("“{shown}”不在可选值中：{}", titles.join("、")),
        format!("“{shown}” is not one of {}", english.join(", ")),
    ))
}
