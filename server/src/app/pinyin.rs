//! Finding Chinese names by their letters: `qhj` and `qinghe` both find 青禾局.

use pinyin::{ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

/// What somebody typed into a picker.
#[derive(Debug)]
pub struct Query {
    text: String,
    latin: bool,
}

impl Query {
    /// What was typed; width, case and spaces do not count.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let text = fold(typed);
        let latin = text.chars().all(|letter| letter.is_ascii_alphanumeric());
        Self { text, latin }
    }

    /// How well `name` matches: 0 best; none where it does not. Everything matches an empty query.
    #[must_use]
    pub fn rank(&self, name: &str) -> Option<u8> {
        let name = fold(name);
        if name == self.text {
            return Some(0);
        }
        if name.starts_with(&self.text) {
            return Some(1);
        }
        if name.contains(&self.text) {
            return Some(2);
        }
        if !self.latin {
            return None;
        }
        if initials(&name).iter().any(|letters| letters.starts_with(&self.text)) {
            return Some(3);
        }
        let full: String = name.as_str().to_pinyin().flatten().map(pinyin::Pinyin::plain).collect();
        if full.starts_with(&self.text) {
            return Some(4);
        }
        (full.contains(&self.text) || initials(&name).iter().any(|letters| letters.contains(&self.text))).then_some(5)
    }

    /// As [`Query::rank`] for codes, which have no pinyin.
    #[must_use]
    pub fn rank_exactly(&self, code: &str) -> Option<u8> {
        fold(code).starts_with(&self.text).then_some(2)
    }
}

fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|letter| !letter.is_whitespace()).collect()
}

/// The initials of a name; a character with several readings gives several, up to 16 in all.
fn initials(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for letter in name.chars() {
        let mut readings: Vec<char> = letter
            .to_pinyin_multi()
            .map(|readings| readings.into_iter().filter_map(|reading| reading.plain().chars().next()).collect())
            .unwrap_or_default();
        readings.sort_unstable();
        readings.dedup();
        if readings.is_empty() {
            readings.push(letter);
        }
        if all.len() * readings.len() > 16 {
            readings.truncate(1);
        }
        all = all.iter().flat_map(|start| readings.iter().map(move |reading| format!("{start}{reading}"))).collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn names_are_found_by_text_initials_and_full_pinyin() {
        for (typed, name, found) in [
            ("青禾", "青禾局", true),
            ("qhj", "青禾局", true),
            ("QH", "青禾局", true),
            ("qinghe", "青禾局", true),
            ("ｑｈ", "青禾局", true),
            ("hej", "青禾局", true),
            ("yl", "青禾局", false),
            ("云", "青禾局", false),
            ("cqs", "重庆市", true),
            ("zqs", "重庆市", true),
            ("", "重庆市", true),
        ] {
            assert_eq!(Query::new(typed).rank(name).is_some(), found, "{typed} in {name}");
        }
        assert!(Query::new("青禾局").rank("青禾局") < Query::new("qhj").rank("青禾局"));
    }
}
