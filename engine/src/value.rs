//! Values that expressions compute with, and their relation to the JSON that items and forms store.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{PersonId, UnitId};
use crate::text::Name;

/// A span of time as definitions write it: whole natural days (`P3D`), or an exact length (`PT30M`).
///
/// A day is a calendar day in the deployment's zone, not 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Calendar days.
    pub days: i32,
    /// Exact part.
    pub exact: SignedDuration,
}

/// A value of an expression.
///
/// `Null` stands for an absent value. An atom (a comparison, `in`, `overlaps`) that reads an absent value is false; see
/// [`crate::expr`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Absent.
    Null,
    /// True or false.
    Bool(bool),
    /// An exact decimal number.
    Number(Decimal),
    /// Text, compared by code point.
    Text(String),
    /// A plain calendar date.
    Date(Date),
    /// An instant.
    Time(Timestamp),
    /// A span of time.
    Span(Span),
    /// A unit of the organisation.
    Unit(UnitId),
    /// A person of the organisation.
    Person(PersonId),
    /// A list.
    List(Vec<Value>),
    /// A record with named fields.
    Record(BTreeMap<Name, Value>),
}
