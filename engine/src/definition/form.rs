//! A form: JSON Schema with layout hints, one per kind of item and per task.

use serde_json::Value as Json;

use crate::text::{Name, Text};

/// A form as published.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name, unique among forms.
    pub name: Name,
    /// Content hash: 64 lower-case hexadecimal digits.
    pub version: Name,
    /// Shown title.
    pub title: Text,
    /// Its fields in the written order.
    pub fields: Vec<Field>,
    /// Plain JSON Schema (2020-12) for the validator: no `x-` keywords, titles as texts in Chinese.
    pub schema: Json,
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name, unique in the form.
    pub name: Name,
    /// Shown title.
    pub title: Text,
    /// Help below the input.
    pub help: Option<Text>,
    /// What kind of value it takes.
    pub kind: FieldKind,
    /// Whether a value must be given.
    pub required: bool,
    /// Shown but never written by a person.
    pub read_only: bool,
    /// What the platform may use it for.
    pub role: Option<WellKnown>,
    /// Largest number of characters of a text, or of elements of a list.
    pub max_length: Option<u64>,
    /// Smallest and largest number.
    pub minimum: Option<rust_decimal::Decimal>,
    /// Largest number.
    pub maximum: Option<rust_decimal::Decimal>,
    /// The input's width and look, handed to the browser as written.
    pub widget: Option<Name>,
}

/// The kind of a field's value. In JSON: texts, dates (`YYYY-MM-DD`), units and people (their ids as texts) are strings,
/// numbers are numbers, lists are arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, in one or several lines.
    Text {
        /// Several lines.
        multiline: bool,
    },
    /// A decimal number.
    Number,
    /// Yes or no.
    Bool,
    /// A plain date.
    Date,
    /// A unit.
    Unit,
    /// A person.
    Person,
    /// One of the listed values, each with a title.
    Choice(Vec<(Name, Text)>),
    /// An entry of a dictionary; the value is the entry's name.
    Entry {
        /// The dictionary.
        dictionary: Name,
    },
    /// Several values of one kind.
    List(Box<FieldKind>),
}

/// What the platform may use a field for (`x-field`); such fields are indexed columns or join rows whatever a form calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WellKnown {
    /// The item's title. Text.
    Title,
    /// The unit that leads. Unit.
    LeadUnit,
    /// The units that co-operate. List of units.
    CoUnits,
    /// The leaders who supervise. List of people.
    Leader,
    /// The final date. Date.
    Due,
    /// The feedback cycle (反馈周期): an entry of a dictionary whose entries carry `every`.
    Cycle,
    /// Where the item comes from. List of texts or entries.
    Source,
    /// The category tags (事项分类). List of entries.
    Category,
}

impl WellKnown {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Title,
        Self::LeadUnit,
        Self::CoUnits,
        Self::Leader,
        Self::Due,
        Self::Cycle,
        Self::Source,
        Self::Category,
    ];

    /// The name in `x-field` and, in every expression, below `item`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::LeadUnit => "lead_unit",
            Self::CoUnits => "co_units",
            Self::Leader => "leader",
            Self::Due => "due",
            Self::Cycle => "cycle",
            Self::Source => "source",
            Self::Category => "category",
        }
    }
}

impl Form {
    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == *name)
    }

    /// The field that plays `role`.
    #[must_use]
    pub fn playing(&self, role: WellKnown) -> Option<&Field> {
        self.fields.iter().find(|field| field.role == Some(role))
    }
}
