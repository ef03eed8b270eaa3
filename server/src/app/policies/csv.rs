//! Rules as Casbin's own CSV, and back.

use std::collections::BTreeMap;

use docket_engine::text::Text;

use crate::{
    access::rules::{ALL_FIELDS, BETWEEN_FIELDS},
    db::entity::casbin_rule,
};

/// The rows of published rules as Casbin's CSV: one a line, texts in quotes where they need them.
#[must_use]
pub fn written(rows: &[casbin_rule::Model]) -> String {
    let mut text = String::new();
    for row in rows {
        let columns = [&row.v0, &row.v1, &row.v2, &row.v3, &row.v4, &row.v5];
        let many = if row.ptype == "g" { 2 } else { columns.len() };
        let fields = columns.into_iter().take(many).map(|column| quoted(column));
        let line: Vec<String> = [row.ptype.clone()].into_iter().chain(fields).collect();
        text.push_str(&line.join(", "));
        text.push('\n');
    }
    text
}

/// In quotes where it is empty, or holds what would be read otherwise.
fn quoted(column: &str) -> String {
    let plain = !column.is_empty() && !column.contains([',', '"', '\n', '\r', '#']) && column.trim() == column;
    if plain { column.to_owned() } else { format!("\"{}\"", column.replace('"', "\"\"")) }
}

/// A row of CSV that is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: Text,
}

/// The policy document that says what the CSV says.
///
/// # Errors
/// The first line that is no rule.
pub fn document(name: &str, csv: &str) -> Result<String, Unreadable> {
    let mut inclusions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rules = Vec::new();
    for (line, columns) in read(csv)? {
        let texts: Vec<&str> = columns.iter().map(String::as_str).collect();
        match texts.as_slice() {
            ["g", role, other] => inclusions.entry(scalar(role)).or_default().push(scalar(other)),
            ["p", role, on, action, condition, fields, effect @ ("allow" | "deny")] => {
                rules.push(rule([role, on, action, condition, fields, effect]));
            }
            _ => {
                let message = Text::new(
                    "应为 `p, 角色, 种类, 动作, 条件, 字段, allow|deny` 或 `g, 角色, 包含的角色`",
                    "write `p, role, kind, action, condition, fields, allow|deny` or `g, role, included role`",
                );
                return Err(Unreadable { line, message });
            }
        }
    }
    let mut lines = vec![format!("policy: {}", scalar(name))];
    if !inclusions.is_empty() {
        lines.push("roles:".to_owned());
        lines.extend(inclusions.iter().map(|(role, all)| format!("  {role}: [{}]", all.join(", "))));
    }
    lines.push(if rules.is_empty() { "rules: []".to_owned() } else { "rules:".to_owned() });
    lines.append(&mut rules);
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn rule([role, on, action, condition, fields, effect]: [&str; 6]) -> String {
    let verb = if effect == "deny" { "may_not" } else { "may" };
    let mut parts =
        vec![format!("role: {}", scalar(role)), format!("{verb}: [{}]", scalar(action)), format!("on: {}", scalar(on))];
    if !condition.is_empty() {
        parts.push(format!("when: {}", scalar(condition)));
    }
    if fields != ALL_FIELDS {
        let names: Vec<String> = fields.split(BETWEEN_FIELDS).map(scalar).collect();
        parts.push(format!("fields: [{}]", names.join(", ")));
    }
    format!("  - {{{}}}", parts.join(", "))
}

/// A text as YAML reads it back: in double quotes, as JSON writes it.
fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let word = text.starts_with(char::is_alphabetic) && text.chars().all(plain);
    if word { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Lines with their columns. Blank lines and those that begin with `#` are passed over.
fn read(csv: &str) -> Result<Vec<(usize, Vec<String>)>, Unreadable> {
    let mut rows = Vec::new();
    let mut letters = csv.chars().peekable();
    let mut line = 1;
    while letters.peek().is_some() {
        let begun = line;
        let mut columns = Vec::new();
        loop {
            columns.push(column(&mut letters, &mut line, begun)?);
            match letters.next() {
                Some(',') => {}
                Some('\n') => {
                    line += 1;
                    break;
                }
                None => break,
                Some(_) => {
                    return Err(Unreadable {
                        line: begun,
                        message: Text::new(
                            "引号之后应为逗号或行末",
                            "a comma or the end of the line must follow the quotes",
                        ),
                    });
                }
            }
        }
        let blank = columns.len() == 1 && columns.iter().all(String::is_empty);
        let comment = columns.first().is_some_and(|first| first.starts_with('#'));
        if !blank && !comment {
            rows.push((begun, columns));
        }
    }
    Ok(rows)
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// One column up to the comma or line break behind it.
fn column(letters: &mut Letters<'_>, line: &mut usize, begun: usize) -> Result<String, Unreadable> {
    while letters.next_if(|letter| *letter == ' ' || *letter == '\t' || *letter == '\r').is_some() {}
    let mut text = String::new();
    if letters.next_if_eq(&'"').is_none() {
        while let Some(letter) = letters.next_if(|letter| *letter != ',' && *letter != '\n') {
            text.push(letter);
        }
        return Ok(text.trim_end().to_owned());
    }
    loop {
        match letters.next() {
            Some('"') if letters.next_if_eq(&'"').is_some() => text.push('"'),
            Some('"') => break,
            Some(letter) => {
                *line += usize::from(letter == '\n');
                text.push(letter);
            }
            None => {
                return Err(Unreadable {
                    line: begun, message: Text::new("引号没有结束", "a quote is not closed")
                });
            }
        }
    }
    while letters.next_if(|letter| *letter == ' ' || *letter == '\t' || *letter == '\r').is_some() {}
    Ok(text)
}
