//! Names of workflows and nodes.

use std::collections::BTreeSet;

/// The longest name, in characters.
const LONGEST: usize = 60;

/// Names that are given out, each once.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// `wish`, or the first of `wish-2`, `wish-3`, … that is free.
    pub(crate) fn give(&mut self, wish: &str) -> String {
        let mut name = wish.to_owned();
        let mut count = 1;
        while !self.0.insert(name.clone()) {
            count += 1;
            name = format!("{wish}-{count}");
        }
        name
    }
}

/// A text as a name: lower case, words joined by `-`; Chinese characters stay. `otherwise` where nothing is left.
pub(crate) fn slug(text: &str, otherwise: &str) -> String {
    let mut out = String::new();
    for char in text.chars().take(LONGEST * 2) {
        if char.is_alphanumeric() {
            out.extend(char.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out: String = out.chars().take(LONGEST).collect();
    let out = out.trim_matches('-');
    if out.is_empty() { otherwise.to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name() {
        assert_eq!(slug("Approve  the Report (2)!", "x"), "approve-the-report-2");
        assert_eq!(slug("科长 审核", "x"), "科长-审核");
        assert_eq!(slug("\n?", "task"), "task");
        assert_eq!(slug(&"a".repeat(500), "x").len(), LONGEST);
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::default();
        assert_eq!([names.give("a"), names.give("a"), names.give("a-2")], ["a", "a-2", "a-2-2"]);
    }
}
