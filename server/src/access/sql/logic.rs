//! Conditions, joined with their constants folded away.

use sea_orm::sea_query::{ExprTrait, SimpleExpr};

/// A condition that is true or false, never NULL.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    /// The same for every item.
    Constant(bool),
    /// Depends on the item.
    Sql(SimpleExpr),
}

impl Condition {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(true), rest) | (rest, Self::Constant(true)) => rest,
            (Self::Constant(false), _) | (_, Self::Constant(false)) => Self::Constant(false),
            (Self::Sql(a), Self::Sql(b)) => Self::Sql(ExprTrait::and(a, b)),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(false), rest) | (rest, Self::Constant(false)) => rest,
            (Self::Constant(true), _) | (_, Self::Constant(true)) => Self::Constant(true),
            (Self::Sql(a), Self::Sql(b)) => Self::Sql(ExprTrait::or(a, b)),
        }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Constant(bool) => Self::Constant(!bool),
            Self::Sql(a) => Self::Sql(ExprTrait::not(a)),
        }
    }

    /// Whether any of `all` holds.
    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::Constant(false), Self::or)
    }

    /// The expression; constants are written so that both databases know them for conditions.
    pub(super) fn into_expr(self) -> SimpleExpr {
        match self {
            Self::Constant(true) => SimpleExpr::cust("1 = 1"),
            Self::Constant(false) => SimpleExpr::cust("1 = 0"),
            Self::Sql(condition) => condition,
        }
    }
}
