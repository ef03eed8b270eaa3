//! When the fields of a list's items are shown: what is not shown can not be filtered, sorted or counted by.

use std::collections::BTreeSet;

use docket_engine::{
    definition::form::{Form, WellKnown},
    text::Name,
};
use jiff::civil::Date;
use sea_orm::DbBackend;

use crate::access::{Mask, Naming, Visibility};

/// The masks of one list.
pub(super) struct Masks<'a> {
    visibilities: Vec<Visibility>,
    form: &'a Form,
    today: Date,
    backend: DbBackend,
}

impl<'a> Masks<'a> {
    pub(super) const fn new(visibilities: Vec<Visibility>, form: &'a Form, today: Date, backend: DbBackend) -> Self {
        Self { visibilities, form, today, backend }
    }

    /// By which the items of the list are seen: all must let them.
    pub(super) fn visibilities(&self) -> &[Visibility] {
        &self.visibilities
    }

    /// When the field or attribute `name` is shown.
    pub(super) fn field(&self, name: &str) -> Mask {
        self.all(Naming::of(Some(self.form), name))
    }

    /// When the field that plays `role` is shown.
    pub(super) fn role(&self, role: WellKnown) -> Mask {
        self.all(Naming::playing(Some(self.form), role))
    }

    /// When all that `facts` come from is shown.
    pub(super) fn facts(&self, facts: &BTreeSet<Name>) -> Mask {
        let fields = facts.iter().flat_map(|fact| Naming::of_fact(Some(self.form), fact));
        fields.fold(Mask::Constant(true), |shown, field| shown.and(self.all(field)))
    }

    fn all(&self, field: Naming<'_>) -> Mask {
        let masks = self.visibilities.iter().map(|visibility| visibility.mask(field, self.today, self.backend));
        masks.fold(Mask::Constant(true), Mask::and)
    }
}
