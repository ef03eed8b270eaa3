//! When two texts mean the same: duplicates (R20, R21) and names in spreadsheets are found by their normalised form.

use unicode_normalization::UnicodeNormalization;

/// `text` in compatibility composition and lower case, without white space and punctuation.
///
/// `“一体” 建设 （2026）` and `一体建设(2026)` become the same. Texts of punctuation alone become empty.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_space_and_punctuation_do_not_matter() {
        for (text, normal) in [
            ("“一极” 建设 （２０２６）", "一极建设2026"),
            ("一极建设(2026)", "一极建设2026"),
            ("ＡＢＣ-abc\u{3000}、，。；", "abcabc"),
            ("①期", "1期"),
            ("……", ""),
            ("𠮷野", "𠮷野"),
        ] {
            assert_eq!(normalise(text), normal, "{text}");
        }
    }

    #[test]
    fn normal_text_stays() {
        for text in ["一极建设2026", "abc", ""] {
            assert_eq!(normalise(&normalise(text)), normalise(text));
        }
    }
}
