//! Several names in one cell.

use crate::import::fold::{folded, is_blank};

/// What separates names, after width is folded.
pub(super) const SEPARATORS: [char; 8] = ['、', ',', ';', '/', '\n', '\r', '|', '\t'];

/// The names of a cell, brackets kept together, blanks at their ends removed; empty ones left out.
pub(in crate::import) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut depth = 0_usize;
    for c in folded(text).chars().map(bracket) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && SEPARATORS.contains(&c) {
            names.push(std::mem::take(&mut name));
        } else {
            name.push(c);
        }
    }
    names.push(name);
    names.iter().map(|name| name.trim_matches(is_blank).to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Any opening or closing bracket as a round one.
pub(super) const fn bracket(c: char) -> char {
    match c {
        '[' | '【' | '〔' | '{' => '(',
        ']' | '】' | '〕' | '}' => ')',
        c => c,
    }
}

/// A name and what stands in the bracket behind it.
pub(super) fn bracketed(name: &str) -> (&str, Option<&str>) {
    let split = name.strip_suffix(')').and_then(|name| name.split_once('('));
    match split {
        Some((name, inner)) if !name.is_empty() => (name.trim_matches(is_blank), Some(inner.trim_matches(is_blank))),
        _ => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_any_separator_but_not_inside_brackets() {
        assert_eq!(names("商务委；发改委,青禾镇／ 教委\n\n水利局、"), ["商务委", "发改委", "青禾镇", "教委", "水利局"]);
        assert_eq!(names("住建委（执法支队、质监站）、教委"), ["住建委(执法支队、质监站)", "教委"]);
        assert_eq!(bracketed("住建委(执法支队)"), ("住建委", Some("执法支队")));
        assert_eq!(bracketed("(执法支队)"), ("(执法支队)", None));
    }
}
