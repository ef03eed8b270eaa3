//! One spelling for what people write in many: full-width letters, odd spaces, punctuation.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The key by which names are looked up: compatibility forms folded (full-width digits, letters and brackets), white space
/// and invisible characters dropped, letters in lower case.
#[must_use]
pub fn name_key(text: &str) -> String {
    text.nfkc().filter(|c| !is_blank(*c)).flat_map(char::to_lowercase).collect()
}

/// The key by which duplicates are found (R20, R21): as [`name_key`], and without punctuation.
///
/// A text of punctuation alone keeps it, so that two different ones are not the same.
#[must_use]
pub fn title_key(title: &str) -> String {
    let name = name_key(title);
    let key: String = name.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c) || is_symbol(*c)).collect();
    if key.is_empty() { name } else { key }
}

/// The text with compatibility forms folded and the white space at its ends removed.
#[must_use]
pub fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().trim_matches(is_blank).to_owned()
}

/// Whether `c` is white space or an invisible character that office programs leave behind.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Signs that make two titles different things.
fn is_symbol(c: char) -> bool {
    matches!(c, '+' | '<' | '>' | '=' | '%' | '≥' | '≤' | '×' | '÷' | '±' | '°')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_width_and_punctuation_do_not_tell_titles_apart() {
        let key = title_key("建设青禾产业园一期");
        for same in ["建设 青禾产业园一期。", "　建设青禾产业园（一期）", "建设\u{200b}青禾产业园\n一期！"] {
            assert_eq!(title_key(same), key, "{same}");
        }
        assert_eq!(title_key("ＡＢＣ１２"), title_key("abc12"));
        for other in ["建设青禾产业园二期", "建设青禾产业园"] {
            assert_ne!(title_key(other), key);
        }
        assert_ne!(title_key("增长≥6%"), title_key("增长6%"));
        assert_ne!(title_key("……"), title_key("！"));
    }

    #[test]
    fn brackets_are_one_whatever_their_width() {
        assert_eq!(name_key("各乡镇（街道）"), name_key("各乡镇(街道)"));
        assert_eq!(folded("　２０２６年１２月 "), "2026年12月");
    }
}
