//! Types of expressions.

use std::{collections::BTreeMap, sync::Arc};

use crate::text::Name;

/// A type. Every type includes the absent value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Only the absent value.
    Null,
    /// True or false.
    Bool,
    /// A decimal number.
    Number,
    /// Text. Entries of dictionaries and choices are texts.
    Text,
    /// A plain date.
    Date,
    /// An instant.
    Time,
    /// A span of time.
    Span,
    /// A unit.
    Unit,
    /// A person.
    Person,
    /// A list.
    List(Box<Type>),
    /// A record with these fields.
    Record(Arc<Record>),
    /// Any value: what is not known when the definition loads. It fits everything and is checked when evaluated.
    Any,
}

/// The fields of a record type; also the scope of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Field names and their types.
    pub fields: BTreeMap<Name, Type>,
}
