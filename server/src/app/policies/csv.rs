//! Rules as Casbin's own CSV, and back.

use docket_engine::text::Text;

use crate::{app::definitions::casbin_rows, db::entity::casbin_rule};

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
    let mut includes: Vec<(String, String)> = Vec::new();
    let mut rules = String::new();
    for (line, columns) in read(csv)? {
        let texts: Vec<&str> = columns.iter().map(String::as_str).collect();
        match texts.as_slice() {
            ["g", role, included] => includes.push(((*role).to_owned(), (*included).to_owned())),
            ["p", role, on, action, condition, fields, effect @ ("allow" | "deny")] => {
                rules.push_str(&rule([role, on, action, condition, fields, effect]));
            }
            _ => {
                return Err(Unreadable {
                    line,
                    message: Text::new(
                        "应为 `p, 角色, 种类, 动作, 条件, 字段, allow|deny` 或 `g, 角色, 包含的角色`",
                        "write `p, role, kind, action, condition, fields, allow|deny` or `g, role, included role`",
                    ),
                });
            }
        }
    }
    let mut text = format!("policy: {}\n", scalar(name));
    if !includes.is_empty() {
        text.push_str("roles:\n");
        let mut roles: Vec<&String> = includes.iter().map(|(role, _)| role).collect();
        roles.sort();
        roles.dedup();
        for role in roles {
            let all: Vec<String> =
                includes.iter().filter(|(one, _)| one == role).map(|(_, included)| scalar(included)).collect();
            text.push_str(&format!("  {}: [{}]\n", scalar(role), all.join(", ")));
        }
    }
    text.push_str(if rules.is_empty() { "rules: []\n" } else { "rules:\n" });
    text.push_str(&rules);
    Ok(text)
}

fn rule([role, on, action, condition, fields, effect]: [&str; 6]) -> String {
    let verb = if effect == "deny" { "may_not" } else { "may" };
    let mut text = format!("  - {{role: {}, {verb}: [{}], on: {}", scalar(role), scalar(action), scalar(on));
    if !condition.is_empty() {
        text.push_str(&format!(", when: {}", scalar(condition)));
    }
    if fields != crate::access::rules::ALL_FIELDS {
        let names: Vec<String> = fields.split(crate::access::rules::BETWEEN_FIELDS).map(scalar).collect();
        text.push_str(&format!(", fields: [{}]", names.join(", ")));
    }
    text.push_str("}\n");
    text
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

/// The CSV of policies that are not published.
#[must_use]
pub fn of_policies<'a>(policies: impl Iterator<Item = &'a docket_engine::definition::policy::Policy>) -> String {
    let rows = casbin_rows(policies).into_iter().map(|(ptype, columns)| {
        let [v0, v1, v2, v3, v4, v5] = columns;
        casbin_rule::Model { id: 0, ptype: ptype.to_owned(), v0, v1, v2, v3, v4, v5 }
    });
    written(&rows.collect::<Vec<_>>())
}
