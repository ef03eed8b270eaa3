//! Writes YAML as people write it: short maps in one line, the parts of a workflow below each other.

use std::fmt::Write as _;

use super::{Entry, Yaml};

/// The longest line that a map or list is put into, in columns.
const WIDTH: usize = 110;
/// Keys whose value is always written over several lines: what an administrator reads line by line.
const BLOCK: [&str; 9] = ["nodes", "outcomes", "offers", "on", "stages", "choose", "any", "kinds", "scenarios"];

/// The value as a document.
pub(super) fn document(value: &Yaml) -> String {
    let mut out = String::new();
    match value {
        Yaml::Map(entries) if !entries.is_empty() => map(entries, 0, &mut out),
        Yaml::List(all) if !all.is_empty() => list(all, 0, &mut out),
        other => {
            out.push_str(&line(other));
            out.push('\n');
        }
    }
    out
}

/// The value in one line.
pub(super) fn line(value: &Yaml) -> String {
    let mut out = String::new();
    flow(value, &mut out);
    out
}

/// A map, an entry a line. The nodes of a workflow stand apart.
fn map(entries: &[Entry], depth: usize, out: &mut String) {
    for entry in entries {
        let nodes = depth == 0 && entry.key == "nodes";
        if nodes {
            out.push('\n');
        }
        comment(entry, depth, out);
        indent(depth, out);
        out.push_str(&scalar(&entry.key, true));
        out.push(':');
        if nodes && !entry.value.entries().is_empty() {
            out.push('\n');
            self::nodes(entry.value.entries(), out);
        } else {
            behind_key(&entry.key, &entry.value, depth, out);
        }
    }
}

/// The nodes of a workflow, with an empty line between them.
fn nodes(entries: &[Entry], out: &mut String) {
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        comment(entry, 1, out);
        indent(1, out);
        out.push_str(&scalar(&entry.key, true));
        out.push(':');
        match &entry.value {
            Yaml::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                map(entries, 2, out);
            }
            other => behind_key(&entry.key, other, 1, out),
        }
    }
}

/// The comment above an entry.
fn comment(entry: &Entry, depth: usize, out: &mut String) {
    for line in &entry.comment {
        indent(depth, out);
        out.push('#');
        if !line.is_empty() {
            out.push(' ');
        }
        out.extend(line.chars().map(|char| if special(char) { ' ' } else { char }));
        out.push('\n');
    }
}

fn behind_key(key: &str, value: &Yaml, depth: usize, out: &mut String) {
    let short = !BLOCK.contains(&key) && in_one_line(value, depth, key);
    match value {
        Yaml::Map(entries) if !short && !entries.is_empty() => {
            out.push('\n');
            map(entries, depth + 1, out);
        }
        Yaml::List(all) if !short && !all.is_empty() => {
            out.push('\n');
            list(all, depth + 1, out);
        }
        other => rest_of_line(other, out),
    }
}

fn list(all: &[Yaml], depth: usize, out: &mut String) {
    for value in all {
        indent(depth, out);
        out.push('-');
        let short = in_one_line(value, depth, "");
        match value {
            Yaml::Map(entries) if !short && !entries.is_empty() => {
                let mut inner = String::new();
                map(entries, depth + 1, &mut inner);
                if inner.trim_start().starts_with('#') {
                    out.push('\n');
                    out.push_str(&inner);
                } else {
                    // The first key stands behind the dash.
                    out.push(' ');
                    out.push_str(inner.trim_start_matches(' '));
                }
            }
            Yaml::List(inner) if !short && !inner.is_empty() => {
                out.push('\n');
                list(inner, depth + 1, out);
            }
            other => rest_of_line(other, out),
        }
    }
}

fn rest_of_line(value: &Yaml, out: &mut String) {
    match value {
        Yaml::Absent => {}
        Yaml::Text(text) => out.extend([" ", &scalar(text, false)]),
        Yaml::List(_) | Yaml::Map(_) => {
            out.push(' ');
            flow(value, out);
        }
    }
    out.push('\n');
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Whether the value is best read in one line.
fn in_one_line(value: &Yaml, depth: usize, key: &str) -> bool {
    !commented(value) && 2 * depth + columns(key) + 2 + columns(&line(value)) <= WIDTH
}

/// Whether a comment stands anywhere inside.
fn commented(value: &Yaml) -> bool {
    match value {
        Yaml::Absent | Yaml::Text(_) => false,
        Yaml::List(all) => all.iter().any(commented),
        Yaml::Map(all) => all.iter().any(|entry| !entry.comment.is_empty() || commented(&entry.value)),
    }
}

/// Columns on a screen: Chinese characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|char| if char < '\u{1100}' { 1 } else { 2 }).sum()
}

fn flow(value: &Yaml, out: &mut String) {
    match value {
        Yaml::Absent => {}
        Yaml::Text(text) => out.push_str(&scalar(text, true)),
        Yaml::List(all) => {
            out.push('[');
            for (at, value) in all.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                flow(value, out);
            }
            out.push(']');
        }
        Yaml::Map(all) => {
            out.push('{');
            for (at, entry) in all.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&scalar(&entry.key, true));
                out.push(':');
                if entry.value != Yaml::Absent {
                    out.push(' ');
                    flow(&entry.value, out);
                }
            }
            out.push('}');
        }
    }
}

/// A text, in quotes where YAML would read something else without them.
fn scalar(text: &str, in_flow: bool) -> String {
    if plain(text, in_flow) {
        return text.to_owned();
    }
    if !text.chars().any(special) && text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other if special(other) => {
                // Writing to a text does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Control characters, and the line breaks and marks of Unicode that YAML treats in ways of its own.
fn special(char: char) -> bool {
    char.is_control() || matches!(char, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether YAML reads the text without quotes as it stands.
fn plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let first_ok = first.is_alphanumeric() || matches!(first, '_' | '/' | '(' | '$');
    let last_ok = !text.ends_with([' ', ':']);
    let inside_ok = !text.contains(": ") && !text.contains(" #") && !text.contains('：');
    let flow_ok = !in_flow || !text.contains([',', '[', ']', '{', '}', ':', '"', '\'', '?']);
    first_ok && last_ok && inside_ok && flow_ok && !text.chars().any(special)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(value: &Yaml) {
        let text = value.write();
        assert_eq!(Yaml::read(&text).unwrap(), vec![value.clone()], "{text}");
        let map = Yaml::Map(vec![Entry::new("k", value.clone())]);
        assert_eq!(Yaml::read(&map.line()).unwrap(), vec![map.clone()], "{}", map.line());
    }

    #[test]
    fn texts_read_back_as_they_are() {
        let texts = [
            "a",
            "",
            " a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "- a",
            "-1",
            "?",
            "? a",
            "'",
            "\"",
            "a'b\"c",
            "a\\b",
            "{a",
            "[a]",
            "a, b",
            "x ? 'y' : z",
            "item.due - duration('P3D')",
            "交办：明天",
            "no",
            "null",
            "a\nb\n",
            "\u{85}\u{2028}",
            "%a",
            "@a",
            "`a",
            "!a",
            "&a",
            "*a",
            "|",
            ">",
            "---",
            "...",
            "a\tb",
            "~",
            "2026.10",
            "\u{feff}a",
            "a:b",
            "\u{7f}\u{1}",
        ];
        for text in texts {
            same(&Yaml::Map(vec![Entry::new("key", text), Entry::new(format!("{text}!"), "value")]));
            same(&Yaml::List(vec![text.into(), Yaml::List(vec![text.into(), text.into()])]));
        }
    }

    #[test]
    fn a_comment_is_written_above_its_entry_and_breaks_nothing() {
        let mut entry = Entry::new("a", Yaml::Map(vec![Entry::new("b", "c")]));
        entry.comment = vec!["first\nb: d".to_owned(), String::new()];
        let inner = Yaml::Map(vec![entry]);
        assert_eq!(inner.write(), "# first b: d\n#\na: {b: c}\n");
        let list = Yaml::List(vec![inner]).write();
        assert_eq!(Yaml::read(&list).unwrap()[0].line(), "[{a: {b: c}}]", "{list}");
    }

    #[test]
    fn long_values_go_over_several_lines() {
        let long = "x".repeat(WIDTH);
        let inner = Yaml::Map(vec![Entry::new("b", long.as_str()), Entry::new("c", Yaml::Absent)]);
        same(&Yaml::Map(vec![
            Entry::new("a", inner.clone()),
            Entry::new("l", Yaml::List(vec![inner.clone(), Yaml::List(vec![inner, "d".into()])])),
        ]));
    }
}
