//! Reading trees: a small layer that expects, takes and complains, and never stops at the first fault.
//!
//! An [`At`] is a value with its file and its key. `map` gives a [`Map`] whose keys are taken one by one; `finish` reports
//! those that nobody asked for, with the nearest one that somebody did ask for.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use super::{Entry, Kind, Scalar, Tree};
use crate::{
    check::{missing_key, unknown_key, unknown_word, wrong_type},
    diagnostic::Faults,
    source::{File, Place},
    text::{Name, Text},
};

/// A value in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    /// Its file.
    pub(crate) file: &'a Arc<File>,
    /// Itself.
    pub(crate) tree: &'a Tree,
    /// The key that it stands behind, if any.
    pub(crate) key: Option<&'a Entry>,
}

/// What a value should be, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// A text.
    Text,
    /// A map.
    Map,
    /// A list.
    List,
    /// A map or a list of maps.
    MapOrMaps,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A text or `{zh: …, en: …}`.
    Words,
    /// A name.
    Name,
    /// An expression.
    Expression,
}

impl<'a> At<'a> {
    /// The root of a document.
    pub(crate) const fn root(file: &'a Arc<File>, tree: &'a Tree) -> Self {
        Self { file, tree, key: None }
    }

    /// Where it stands: its text, or the key of a map, list or missing value.
    pub(crate) fn place(self) -> Place {
        let span = match (&self.tree.kind, self.key) {
            (Kind::Scalar(_), Some(key)) if self.tree.span.is_empty() => key.key_span.clone(),
            (Kind::Scalar(_), _) => self.tree.span.clone(),
            (Kind::List(_) | Kind::Map(_), Some(key)) => key.key_span.clone(),
            (Kind::Map(entries), None) => {
                entries.first().map_or(self.tree.span.clone(), |first| first.key_span.clone())
            }
            (Kind::List(_), None) => self.first_line(),
        };
        self.at(span)
    }

    /// The whole value.
    pub(crate) fn whole(self) -> Place {
        self.at(self.tree.span.clone())
    }

    /// The value itself where it is written in one line, else as [`At::place`].
    pub(crate) fn shown(self) -> Place {
        let whole = self.whole();
        if whole.text().is_empty() || whole.text().contains('\n') { self.place() } else { whole }
    }

    /// The key, where there is one; else as [`At::place`].
    pub(crate) fn key_place(self) -> Place {
        self.key.map_or_else(|| self.place(), |key| self.at(key.key_span.clone()))
    }

    /// The key's text.
    pub(crate) fn key_text(self) -> &'a str {
        self.key.map_or("", |key| &key.key)
    }

    fn at(self, span: Range<usize>) -> Place {
        Place::new(Arc::clone(self.file), span)
    }

    fn first_line(self) -> Range<usize> {
        let text = self.file.text.get(self.tree.span.clone()).unwrap_or_default();
        let length = text.lines().next().map_or(0, str::len);
        self.tree.span.start..self.tree.span.start + length
    }

    /// The place of the bytes `inner` of its text.
    pub(crate) fn inside(self, inner: Range<usize>) -> Place {
        self.at(self.tree.place_inside(&self.file.text, inner))
    }

    /// The text, silently.
    pub(crate) const fn scalar(self) -> Option<&'a Scalar> {
        self.tree.scalar()
    }

    /// The text where it is exactly one word of `words`.
    pub(crate) fn is(self, word: &str) -> bool {
        self.scalar().is_some_and(|scalar| scalar.text == word)
    }

    /// The value of `key`, silently.
    pub(crate) fn get(self, key: &str) -> Option<At<'a>> {
        self.tree.entries().iter().find(|entry| entry.key == key).map(|entry| self.below(entry))
    }

    fn below(self, entry: &'a Entry) -> Self {
        Self { file: self.file, tree: &entry.value, key: Some(entry) }
    }

    /// Whether it is a map.
    pub(crate) const fn is_map(self) -> bool {
        matches!(self.tree.kind, Kind::Map(_))
    }

    /// Whether it is a list.
    pub(crate) const fn is_list(self) -> bool {
        matches!(self.tree.kind, Kind::List(_))
    }

    /// Its text; anything else, an empty one too, is a fault.
    pub(crate) fn text(self, faults: &mut Faults) -> Option<&'a str> {
        self.text_as(Want::Text, faults)
    }

    /// The source of an expression.
    pub(crate) fn expression(self, faults: &mut Faults) -> Option<&'a str> {
        self.text_as(Want::Expression, faults)
    }

    fn text_as(self, want: Want, faults: &mut Faults) -> Option<&'a str> {
        match self.scalar() {
            Some(scalar) if !scalar.text.trim().is_empty() => Some(&scalar.text),
            _ => {
                faults.push(wrong_type::fault(self, want));
                None
            }
        }
    }

    /// A name: a text without blanks at its ends.
    pub(crate) fn name(self, faults: &mut Faults) -> Option<Name> {
        self.text_as(Want::Name, faults).map(Name::from)
    }

    /// `true` or `false`.
    pub(crate) fn bool(self, faults: &mut Faults) -> Option<bool> {
        match self.scalar().map(|scalar| scalar.text.as_str()) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => {
                faults.push(wrong_type::fault(self, Want::Bool));
                None
            }
        }
    }

    /// A whole number.
    pub(crate) fn integer(self, faults: &mut Faults) -> Option<i64> {
        let found = self.scalar().and_then(|scalar| scalar.text.parse().ok());
        if found.is_none() {
            faults.push(wrong_type::fault(self, Want::Integer));
        }
        found
    }

    /// A decimal number.
    pub(crate) fn number(self, faults: &mut Faults) -> Option<rust_decimal::Decimal> {
        let found = self.scalar().and_then(|scalar| scalar.text.parse().ok());
        if found.is_none() {
            faults.push(wrong_type::fault(self, Want::Number));
        }
        found
    }

    /// What one word of `choices` means.
    pub(crate) fn choice<T: Clone>(self, choices: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let text = self.text_as(Want::Name, faults)?;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            faults.push(unknown_word::fault(self.place(), text, choices.iter().map(|(word, _)| *word)));
        }
        found.map(|(_, meaning)| meaning.clone())
    }

    /// A text in both languages: a plain text, or `{zh: …, en: …}`.
    pub(crate) fn words(self, faults: &mut Faults) -> Option<Text> {
        match &self.tree.kind {
            Kind::Scalar(_) => self.text_as(Want::Words, faults).map(Text::same),
            Kind::Map(_) => {
                let mut map = self.map(faults)?;
                let text = map.language_keys(faults);
                map.finish(faults);
                text
            }
            Kind::List(_) => {
                faults.push(wrong_type::fault(self, Want::Words));
                None
            }
        }
    }

    /// The elements of a list.
    pub(crate) fn list(self, faults: &mut Faults) -> Option<Vec<At<'a>>> {
        let found = self.elements();
        if found.is_none() {
            faults.push(wrong_type::fault(self, Want::List));
        }
        found
    }

    /// The elements of a list, or the value itself.
    pub(crate) fn one_or_many(self) -> Vec<At<'a>> {
        self.elements().unwrap_or_else(|| vec![self])
    }

    fn elements(self) -> Option<Vec<At<'a>>> {
        match &self.tree.kind {
            Kind::List(all) => Some(all.iter().map(|tree| Self { file: self.file, tree, key: None }).collect()),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The names of a list, or one name.
    pub(crate) fn names(self, faults: &mut Faults) -> Vec<(Name, At<'a>)> {
        self.one_or_many().into_iter().filter_map(|at| Some((at.name(faults)?, at))).collect()
    }

    /// A map whose keys have fixed names.
    pub(crate) fn map(self, faults: &mut Faults) -> Option<Map<'a>> {
        if self.is_map() {
            return Some(Map { at: self, asked: Vec::new() });
        }
        faults.push(wrong_type::fault(self, Want::Map));
        None
    }

    /// A map whose keys are names that the author chose: each with its value, in the written order, each once.
    pub(crate) fn named(self, faults: &mut Faults) -> Vec<(Name, At<'a>)> {
        if !self.is_map() {
            faults.push(wrong_type::fault(self, Want::Map));
        }
        self.named_silently()
    }

    /// As [`At::named`], without a word where it is no map.
    pub(crate) fn named_silently(self) -> Vec<(Name, At<'a>)> {
        let mut seen = BTreeSet::new();
        let fresh = |entry: &&'a Entry| seen.insert(entry.key.as_str());
        self.tree
            .entries()
            .iter()
            .filter(fresh)
            .map(|entry| (Name::from(entry.key.as_str()), self.below(entry)))
            .collect()
    }
}

/// A map whose keys are taken one by one.
#[derive(Debug, Clone)]
pub(crate) struct Map<'a> {
    /// The map.
    pub(crate) at: At<'a>,
    asked: Vec<&'static str>,
}

impl<'a> Map<'a> {
    /// The value of `key`, if it is there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<At<'a>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.at.get(key)
    }

    /// The value of `key`, which must be there.
    pub(crate) fn need(&mut self, key: &'static str, faults: &mut Faults) -> Option<At<'a>> {
        let found = self.take(key);
        if found.is_none() {
            faults.push(missing_key::fault(self.at.place(), key));
        }
        found
    }

    /// The name behind `key`, which must be there.
    pub(crate) fn need_name(&mut self, key: &'static str, faults: &mut Faults) -> Option<(Name, At<'a>)> {
        let at = self.need(key, faults)?;
        Some((at.name(faults)?, at))
    }

    /// The title behind `title`; `name` where there is none.
    pub(crate) fn title_or(&mut self, name: &str, faults: &mut Faults) -> Text {
        self.take("title").and_then(|at| at.words(faults)).unwrap_or_else(|| Text::same(name))
    }

    /// A text written as keys `zh` and `en` of this very map, if either is there.
    pub(crate) fn language_keys(&mut self, faults: &mut Faults) -> Option<Text> {
        match (self.take("zh"), self.take("en")) {
            (None, None) => None,
            (Some(only), None) => {
                faults.push(missing_key::fault(only.key_place(), "en"));
                only.text(faults).map(Text::same)
            }
            (None, Some(only)) => {
                faults.push(missing_key::fault(only.key_place(), "zh"));
                only.text(faults).map(Text::same)
            }
            (Some(zh), Some(en)) => {
                let (zh, en) = (zh.text(faults), en.text(faults));
                Some(Text::new(zh?, en?))
            }
        }
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self, faults: &mut Faults) {
        for (name, at) in self.at.named_silently() {
            if !self.asked.contains(&name.as_str()) {
                faults.push(unknown_key::fault(at.key_place(), &name, &self.asked));
            }
        }
    }
}
