//! Types of expressions.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    definition::form::FieldKind,
    text::{Name, Text},
};

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

impl Record {
    /// A record of `fields`.
    #[must_use]
    pub fn of<N: Into<Name>>(fields: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self { fields: fields.into_iter().map(|(name, ty)| (name.into(), ty)).collect() }
    }

    /// This record with one more field, or with another type for it.
    #[must_use]
    pub fn with(mut self, name: impl Into<Name>, ty: Type) -> Self {
        self.fields.insert(name.into(), ty);
        self
    }
}

impl From<Record> for Type {
    fn from(record: Record) -> Self {
        Self::Record(Arc::new(record))
    }
}

impl Type {
    /// A list of `element`.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// The type of a form's field.
    #[must_use]
    pub fn of_field(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::Text { .. } | FieldKind::Choice(_) | FieldKind::Entry { .. } => Self::Text,
            FieldKind::Number => Self::Number,
            FieldKind::Bool => Self::Bool,
            FieldKind::Date => Self::Date,
            FieldKind::Unit => Self::Unit,
            FieldKind::Person => Self::Person,
            FieldKind::List(kind) => Self::list(Self::of_field(kind)),
        }
    }

    /// Whether a value of type `found` may stand where this type is needed.
    #[must_use]
    pub fn accepts(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Any, _) | (_, Self::Any | Self::Null) => true,
            (Self::List(needed), Self::List(found)) => needed.accepts(found),
            (needed, found) => needed == found,
        }
    }

    /// The type that includes both, if values of the two may stand beside each other.
    #[must_use]
    pub fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => Some(Self::Any),
            (Self::Null, ty) | (ty, Self::Null) => Some(ty.clone()),
            (Self::List(a), Self::List(b)) => a.join(b).map(Self::list),
            (a, b) => (a == b).then(|| a.clone()),
        }
    }

    /// Whether `<` and its like compare values of this type.
    #[must_use]
    pub const fn is_ordered(&self) -> bool {
        matches!(self, Self::Number | Self::Text | Self::Date | Self::Time | Self::Span | Self::Any)
    }

    /// What it is called in messages: 日期, "a date".
    #[must_use]
    pub fn title(&self) -> Text {
        let (zh, en) = match self {
            Self::Null => ("空值", "null"),
            Self::Bool => ("是非值", "true or false"),
            Self::Number => ("数", "a number"),
            Self::Text => ("文本", "text"),
            Self::Date => ("日期", "a date"),
            Self::Time => ("时刻", "a point in time"),
            Self::Span => ("时长", "a duration"),
            Self::Unit => ("单位", "a unit"),
            Self::Person => ("人员", "a person"),
            Self::Record(_) => ("一组字段", "a record"),
            Self::Any => ("任意值", "any value"),
            Self::List(element) => {
                let Text { zh, en } = element.plural();
                return Text::new(format!("{zh}的列表"), format!("a list of {en}"));
            }
        };
        Text::new(zh, en)
    }

    fn plural(&self) -> Text {
        let en = match self {
            Self::Bool => "yes-or-no values",
            Self::Number => "numbers",
            Self::Text => "texts",
            Self::Date => "dates",
            Self::Time => "points in time",
            Self::Span => "durations",
            Self::Unit => "units",
            Self::Person => "people",
            Self::List(_) => "lists",
            Self::Record(_) => "records",
            Self::Any | Self::Null => "values",
        };
        let zh = if matches!(self, Self::Any | Self::Null) { "值".to_owned() } else { self.title().zh };
        Text::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_fits_everything_and_null_fits_every_type() {
        assert!(Type::Date.accepts(&Type::Any) && Type::Any.accepts(&Type::Date) && Type::Date.accepts(&Type::Null));
        assert!(!Type::Date.accepts(&Type::Time) && !Type::Null.accepts(&Type::Date));
        let units = Type::list(Type::Unit);
        assert!(units.accepts(&Type::list(Type::Null)) && !units.accepts(&Type::list(Type::Text)));
        assert!(!units.accepts(&Type::Unit));
    }

    #[test]
    fn two_types_join_to_the_one_that_holds_both() {
        let list = Type::list;
        assert_eq!(Type::Null.join(&Type::Date), Some(Type::Date));
        assert_eq!(list(Type::Null).join(&list(Type::Unit)), Some(list(Type::Unit)));
        assert_eq!(Type::Any.join(&Type::Unit), Some(Type::Any));
        assert_eq!(Type::Unit.join(&Type::Person), None);
    }

    #[test]
    fn fields_have_types() {
        let entries = FieldKind::List(Box::new(FieldKind::Entry { dictionary: "来源".into() }));
        assert_eq!(Type::of_field(&entries), Type::list(Type::Text));
        assert_eq!(Type::of_field(&entries).title(), Text::new("文本的列表", "a list of texts"));
    }
}
