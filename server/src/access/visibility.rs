//! Rules joined: whether a person sees an item, and which of its fields; for one item, or as SQL for many.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{expr::Expr, text::Name, value::Value};
use jiff::civil::Date;
use sea_orm::{
    DbBackend,
    sea_query::{CaseStatement, ExprTrait, Keyword, SimpleExpr},
};

use super::{Facts, Fields, Naming, Subject, sql};

/// A rule as it is joined with others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grant {
    /// Its condition; none where it always holds.
    pub(super) condition: Option<Arc<Expr>>,
    /// The fields that it is about; none where it is about the whole item.
    pub(super) fields: Option<Arc<BTreeSet<Name>>>,
}

impl Grant {
    fn covers(&self, field: Naming<'_>) -> bool {
        self.fields.as_ref().is_none_or(|fields| field.is_in(fields))
    }
}

/// The rules that Casbin selected.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleSet {
    pub(super) allow: Vec<Grant>,
    pub(super) deny: Vec<Grant>,
}

/// A two-valued logic in which rules are joined: truth for one item, or a condition of SQL for many.
trait Logic: Sized {
    fn constant(value: bool) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn not(self) -> Self;
}

impl Logic for bool {
    fn constant(value: bool) -> Self {
        value
    }
    fn and(self, other: Self) -> Self {
        self && other
    }
    fn or(self, other: Self) -> Self {
        self || other
    }
    fn not(self) -> Self {
        !self
    }
}

/// When something is shown: a constant is kept apart, so that no database sees `1 = 1`.
#[derive(Debug, Clone)]
pub enum Mask {
    /// The same for every item that is seen.
    Constant(bool),
    /// Depends on the item.
    When(SimpleExpr),
}

impl Logic for Mask {
    fn constant(value: bool) -> Self {
        Self::Constant(value)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(true), rest) | (rest, Self::Constant(true)) => rest,
            (Self::Constant(false), _) | (_, Self::Constant(false)) => Self::Constant(false),
            (Self::When(a), Self::When(b)) => Self::When(ExprTrait::and(a, b)),
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(false), rest) | (rest, Self::Constant(false)) => rest,
            (Self::Constant(true), _) | (_, Self::Constant(true)) => Self::Constant(true),
            (Self::When(a), Self::When(b)) => Self::When(ExprTrait::or(a, b)),
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::When(condition) => Self::When(ExprTrait::not(condition)),
        }
    }
}

impl Mask {
    /// Where both show something.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Logic::and(self, other)
    }

    /// `condition` about something that is absent where it is not shown.
    #[must_use]
    pub fn guard(self, condition: SimpleExpr) -> SimpleExpr {
        Logic::and(self, Self::When(condition)).into_condition()
    }

    /// `value`, or NULL where it is not shown.
    #[must_use]
    pub fn value(self, value: SimpleExpr) -> SimpleExpr {
        match self {
            Self::Constant(true) => value,
            Self::Constant(false) => SimpleExpr::Keyword(Keyword::Null),
            Self::When(shown) => CaseStatement::new().case(shown, value).into(),
        }
    }

    /// Whether nothing is shown of any item.
    #[must_use]
    pub const fn is_never(&self) -> bool {
        matches!(self, Self::Constant(false))
    }

    /// What is shown now and was not before.
    #[must_use]
    pub fn but_not(self, before: Self) -> Self {
        Logic::and(self, before.not())
    }

    /// As a condition.
    #[must_use]
    pub fn condition(self) -> SimpleExpr {
        self.into_condition()
    }

    /// Where it is not shown, or `absent` holds.
    #[must_use]
    pub fn absent_or(self, absent: SimpleExpr) -> SimpleExpr {
        Logic::or(self.not(), Self::When(absent)).into_condition()
    }

    fn into_condition(self) -> SimpleExpr {
        match self {
            Self::When(condition) => condition,
            Self::Constant(value) => ExprTrait::eq(SimpleExpr::val(1), i32::from(value)),
        }
    }
}

impl RuleSet {
    /// The one place where rules are joined: any allow and no deny, of those about `field`, or about the item. Without a condition
    /// a rule holds.
    fn joined<L: Logic>(&self, field: Option<Naming<'_>>, mut atom: impl FnMut(&Grant, &Expr) -> L) -> L {
        let mut any = |rules: &[Grant], counts: &dyn Fn(&Grant) -> bool| {
            rules.iter().filter(|rule| counts(rule)).fold(L::constant(false), |joined, rule| {
                joined.or(rule.condition.as_ref().map_or_else(|| L::constant(true), |expr| atom(rule, expr)))
            })
        };
        // Whoever may see any field sees that the item is there; a deny of fields leaves the item.
        let allowed = any(&self.allow, &|rule| field.is_none_or(|field| rule.covers(field)));
        let denied = any(&self.deny, &|rule| match field {
            Some(field) => rule.covers(field),
            None => rule.fields.is_none(),
        });
        allowed.and(denied.not())
    }

    /// What is shown where the conditions that hold are those of `holding`.
    pub(super) fn shows(&self, field: Naming<'_>, holding: &[Arc<Expr>]) -> bool {
        self.joined(Some(field), |rule, _| {
            rule.condition.as_ref().is_some_and(|condition| holding.iter().any(|held| Arc::ptr_eq(held, condition)))
        })
    }

    fn rules(&self) -> impl Iterator<Item = &Grant> {
        self.allow.iter().chain(&self.deny)
    }
}

/// What one person may do (one action) with items of one kind.
#[derive(Debug, Clone)]
pub struct Visibility {
    subject: Arc<Subject>,
    rules: Arc<RuleSet>,
    /// What it does not reach beyond.
    within: Option<Box<Self>>,
}

impl Visibility {
    pub(super) fn new(subject: Arc<Subject>, rules: RuleSet) -> Self {
        Self { subject, rules: Arc::new(rules), within: None }
    }

    /// No more of it than `bound` lets through too: items that both let be seen.
    #[must_use]
    pub fn within(self, bound: Self) -> Self {
        Self { within: Some(Box::new(bound)), ..self }
    }

    /// Whether no rule allows anything, whatever the item.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let denies_all = |rule: &Grant| rule.fields.is_none() && rule.condition.is_none();
        self.rules.allow.is_empty()
            || self.rules.deny.iter().any(denies_all)
            || self.within.as_ref().is_some_and(|bound| bound.is_never())
    }

    /// Whether both decide alike whatever the item, because their rules are the same.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let all_in = |a: &[Grant], b: &[Grant]| a.iter().all(|rule| b.contains(rule));
        let same = |a: &[Grant], b: &[Grant]| all_in(a, b) && all_in(b, a);
        let bounds = match (&self.within, &other.within) {
            (None, None) => true,
            (Some(a), Some(b)) => a.is_same_as(b),
            _ => false,
        };
        bounds && same(&self.rules.allow, &other.rules.allow) && same(&self.rules.deny, &other.rules.deny)
    }

    /// The names of all fields that its rules are about.
    #[must_use]
    pub fn named_fields(&self) -> BTreeSet<Name> {
        self.rules.rules().filter_map(|rule| rule.fields.as_ref()).flat_map(|fields| fields.iter().cloned()).collect()
    }

    /// The facts of the person that its conditions read.
    #[must_use]
    pub fn subject_facts(&self) -> Vec<(Name, Value)> {
        let reads =
            self.rules.rules().filter_map(|rule| rule.condition.as_ref()).flat_map(|condition| condition.reads());
        let names: BTreeSet<Name> = reads
            .filter(|path| path.first().is_some_and(|first| *first == "subject"))
            .filter_map(|path| path.get(1).cloned())
            .collect();
        names.into_iter().map(|name| (name.clone(), self.subject.get(std::slice::from_ref(&name)))).collect()
    }

    /// Whether every item that is seen is seen whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rules.rules().all(|rule| rule.fields.is_none())
    }

    /// Whether the item of `facts` is seen. A condition that fails is false as an allow and true as a deny.
    #[must_use]
    pub fn sees(&self, facts: &Facts<'_>) -> bool {
        if self.is_never() {
            return false;
        }
        let env = facts.for_subject(&self.subject);
        let mut failed = false;
        let seen = self.rules.joined(None, |_, expr| evaluated(expr, &env, &mut failed));
        seen && !failed && self.within.as_ref().is_none_or(|bound| bound.sees(facts))
    }

    /// Which fields of the item of `facts` are shown; none where the item is not seen.
    #[must_use]
    pub fn fields(&self, facts: &Facts<'_>) -> Option<Fields> {
        if !self.sees(facts) {
            return None;
        }
        if self.is_whole() {
            return Some(Fields::whole());
        }
        let env = facts.for_subject(&self.subject);
        let mut failed = false;
        let conditions = self.rules.rules().filter_map(|rule| rule.condition.as_ref());
        let holding = conditions.filter(|expr| evaluated(expr, &env, &mut failed)).map(Arc::clone).collect();
        (!failed).then(|| Fields::of(Arc::clone(&self.rules), holding))
    }

    /// The rule as a condition of SQL over the table `item`. Nothing is seen where a condition has no SQL form.
    #[must_use]
    pub fn condition(&self, today: Date, backend: DbBackend) -> SimpleExpr {
        self.seen(today, backend).into_condition()
    }

    /// As [`Visibility::condition`], as a mask.
    #[must_use]
    pub fn seen(&self, today: Date, backend: DbBackend) -> Mask {
        let own = self.compiled(None, today, backend);
        match &self.within {
            Some(bound) => own.and(bound.seen(today, backend)),
            None => own,
        }
    }

    /// When `field` of an item that is seen is shown, in SQL.
    #[must_use]
    pub fn mask(&self, field: Naming<'_>, today: Date, backend: DbBackend) -> Mask {
        let all_allow = self.rules.allow.iter().all(|rule| rule.covers(field));
        let some_deny = self.rules.deny.iter().any(|rule| rule.fields.is_some() && rule.covers(field));
        // Whatever let the item be seen shows the field as well: lists keep their plain queries.
        if all_allow && !some_deny { Mask::Constant(true) } else { self.compiled(Some(field), today, backend) }
    }

    fn compiled(&self, field: Option<Naming<'_>>, today: Date, backend: DbBackend) -> Mask {
        let mut failed = false;
        let joined =
            self.rules.joined(field, |_, expr| match sql::condition(expr, Some(&self.subject), today, backend) {
                Ok(condition) => Mask::When(condition),
                Err(error) => {
                    tracing::error!(source = expr.source(), %error, "an access condition has no SQL form");
                    failed = true;
                    Mask::Constant(false)
                }
            });
        if failed { Mask::Constant(false) } else { joined }
    }
}

fn evaluated(expr: &Expr, env: &super::facts::FactsFor<'_>, failed: &mut bool) -> bool {
    expr.is_true(env).unwrap_or_else(|error| {
        tracing::error!(source = expr.source(), %error, "an access condition failed");
        *failed = true;
        false
    })
}
