//! Wire types that several endpoints share. Texts are already in the reader's language; ids are texts.

use poem_openapi::{Enum, Object};
use serde_json::Value as Json;

use super::json::JsonObject;

/// A person or unit.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Ref {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A value with its title, for choices and filters.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Choice {
    /// What is stored and sent.
    pub value: String,
    /// What is shown.
    pub title: String,
}

/// The colour of a light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum Light {
    /// Normal.
    Green,
    /// Near due.
    Yellow,
    /// Overdue.
    Red,
    /// Done.
    Blue,
    /// Suspended.
    Grey,
}

/// A light with its word: colour is never the only sign.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct LightView {
    /// The colour.
    pub colour: Light,
    /// The word.
    pub title: String,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase", rename = "ItemState")]
pub enum StateView {
    /// Under way.
    Open,
    /// Suspended: the clock stands still.
    Suspended,
    /// Done.
    Done,
    /// Cancelled.
    Cancelled,
}

/// What kind of value a field takes, which chooses the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase", rename = "FieldKind")]
pub enum KindView {
    /// One line of text.
    Text,
    /// Several lines of text.
    Multiline,
    /// A decimal number.
    Number,
    /// Yes or no.
    Bool,
    /// A plain date, `YYYY-MM-DD`.
    Date,
    /// A unit, by id.
    Unit,
    /// A person, by id.
    Person,
    /// One of the options.
    Choice,
    /// An entry of a dictionary: one of the options.
    Entry,
    /// Several values; `item_kind` says of which kind.
    List,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FieldView {
    /// Its name in `form` and `fields`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Help below the input.
    pub help: Option<String>,
    /// What kind of value it takes.
    pub kind: KindView,
    /// For a list: the kind of its elements.
    pub item_kind: Option<KindView>,
    /// For a choice or an entry, and for lists of them: what may be chosen.
    pub options: Option<Vec<Choice>>,
    /// Whether a value must be given.
    pub required: bool,
    /// Shown, never sent.
    pub read_only: bool,
    /// What the platform uses it for: `title`, `lead_unit`, `co_units`, `leader`, `due`, `cycle`, `source`, `category`.
    pub role: Option<String>,
    /// Largest number of characters of a text, or of elements of a list.
    pub max_length: Option<u64>,
    /// Smallest number, as decimal text.
    pub minimum: Option<String>,
    /// Largest number, as decimal text.
    pub maximum: Option<String>,
    /// A hint for the input's look.
    pub widget: Option<String>,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Object)]
pub struct FormView {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// JSON Schema (2020-12) with titles in the reader's language.
    pub schema: JsonObject,
    /// The fields in the order in which they are shown.
    pub fields: Vec<FieldView>,
}

/// A field's value as shown.
#[derive(Debug, Clone, PartialEq, Object)]
pub struct Shown {
    /// The field.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The kind of value.
    pub kind: KindView,
    /// The raw value.
    pub value: Json,
    /// As shown: names, titles, dates; lists joined by `、`.
    pub text: String,
}

/// A cell of a list.
#[derive(Debug, Clone, PartialEq, Object)]
pub struct Cell {
    /// The raw value.
    pub value: Json,
    /// As shown.
    pub text: String,
}

impl Cell {
    /// A cell in which nothing is.
    #[must_use]
    pub const fn empty() -> Self {
        Self { value: Json::Null, text: String::new() }
    }
}
