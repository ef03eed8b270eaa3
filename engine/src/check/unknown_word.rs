//! A word that is not one of the few that may stand there.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-word",
    "此处只能写规定的几个词之一，例如灯色只有 green、yellow、red、blue、grey。",
    "Only one of a few fixed words can stand here: the colours of lights, for instance, are green, yellow, red, blue and grey.",
)
.explained(
    "此处不能写这个词",
    "A word that can not stand here",
    Frame::Field,
    "note: {type: text, title: 备注}",
    "note: {type: string, title: 备注}",
);

pub(crate) fn fault<'a>(place: Place, word: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("此处不能写 `{word}`"), format!("`{word}` can not stand here"));
    match suggest::help_word(word, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
