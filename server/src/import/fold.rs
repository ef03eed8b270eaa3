//! One spelling for what people write in many: full-width letters, odd spaces, punctuation.

use unicode_normalization::UnicodeNormalization as _;

/// The key by which names are looked up: compatibility forms folded (full-width digits, letters and brackets), white space
/// and invisible characters dropped, letters in lower case.
#[must_use]
pub fn name_key(text: &str) -> String {
    text.nfkc().filter(|c| !is_blank(*c)).flat_map(char::to_lowercase).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_one_whatever_their_width() {
        assert_eq!(name_key("各乡镇（街道）"), name_key("各乡镇(街道)"));
        assert_eq!(folded("　２０２６年１２月 "), "2026年12月");
    }
}
