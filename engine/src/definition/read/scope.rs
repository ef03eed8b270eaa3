//! The facts that expressions may read, with their types.

use std::collections::BTreeMap;

use super::world::{Found, KindFacts, Known, World};
use crate::{
    definition::form::{FieldKind, Form, WellKnown},
    expr::{self, Record, Type},
    text::Name,
};

/// The facts of an expression, and what its constants are checked against.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The facts.
    pub(crate) facts: Record,
    /// The posts that a constant may name; none where they are not known.
    pub(crate) posts: Option<Vec<Name>>,
    /// Whether there is no calendar, so that working days go by weekends only.
    pub(crate) no_calendar: bool,
}

impl Scope {
    /// With one more fact.
    pub(crate) fn with(self, name: &str, ty: Type) -> Self {
        Self { facts: self.facts.with(name, ty), ..self }
    }

    /// The type of a fact; any where it is not there.
    pub(crate) fn get(&self, name: &str) -> Type {
        self.facts.fields.get(name).cloned().unwrap_or(Type::Any)
    }
}

/// The fields of a form as a record.
pub(crate) fn of_form(form: &Form) -> Record {
    Record::of(form.fields.iter().map(|field| (field.name.clone(), Type::of_field(&field.kind))))
}

/// The fields that an item has whichever of `kinds` it is; none where that can not be told.
///
/// A field that only some of the kinds have is in `needed` or it is not there: `needs-not-met` reports the kinds without it.
pub(crate) fn fields(kinds: &[&KindFacts], needed: &[Name], world: &World) -> Option<BTreeMap<Name, FieldKind>> {
    let mut forms = Vec::new();
    for kind in kinds {
        match world.form_of(kind) {
            Found::Whole(form) => forms.push(form),
            Found::Broken | Found::Missing => return None,
        }
    }
    let first = forms.first()?;
    let mut fields = BTreeMap::new();
    let in_all = |name: &Name| forms.iter().all(|form| form.field(name).is_some());
    for field in forms.iter().flat_map(|form| &form.fields) {
        if needed.contains(&field.name) || (first.field(&field.name).is_some() && in_all(&field.name)) {
            fields.entry(field.name.clone()).or_insert_with(|| field.kind.clone());
        }
    }
    Some(fields)
}

/// An item of one of `kinds`, without its parent: what every item has, and the fields of its form.
pub(crate) fn item(kinds: &[&KindFacts], needed: &[Name], world: &World) -> Type {
    match fields(kinds, needed, world) {
        None => Type::Any,
        Some(fields) => {
            let own = fields.into_iter().map(|(name, kind)| (name, Type::of_field(&kind)));
            let mut record = Record::of(own);
            record.fields.extend(expr::scope::item_record(None).fields);
            record.into()
        }
    }
}

/// The kinds of the parents of items of `kinds`; none where some kind has no parent, or its parent is not known.
pub(crate) fn parents<'a>(kinds: &[&KindFacts], world: &'a World) -> Option<Vec<&'a KindFacts>> {
    kinds.iter().map(|kind| world.kind(&kind.module, kind.parent.as_ref()?)).collect()
}

/// The facts of every expression of a workflow that runs on items of `kinds`: `item` with `item.parent`, `today`, `now`,
/// `actor`. `needs` lists the fields that the workflow needs, those of the parent with `parent.` before them.
pub(crate) fn workflow(kinds: &[&KindFacts], needs: &[Name], world: &World) -> Scope {
    let mut item = item(kinds, needs, world);
    if let Type::Record(record) = &item {
        let below: Vec<Name> = needs.iter().filter_map(|name| name.strip_prefix("parent.")).map(Name::from).collect();
        let parent = match parents(kinds, world) {
            Some(parents) => Some(self::item(&parents, &below, world)),
            // Some kind lacks its parent: `needs-not-met` or the field's own message says so.
            None if !below.is_empty() => Some(Type::Any),
            None => None,
        };
        if let Some(parent) = parent {
            item = (**record).clone().with("parent", parent).into();
        }
    }
    let facts = Record::of([("item", item), ("today", Type::Date), ("now", Type::Time), ("actor", Type::Person)]);
    let posts = match &world.organisation {
        Some(Known::Whole(found)) => Some(found.posts.iter().map(|post| post.name.clone()).collect()),
        Some(Known::Broken) | None => None,
    };
    Scope { facts, posts, no_calendar: world.calendars.is_empty() }
}

/// The facts of a light: the item of one kind, and the day.
pub(crate) fn light(kind: &KindFacts, world: &World) -> Scope {
    let facts = Record::of([("item", item(&[kind], &[], world)), ("today", Type::Date)]);
    Scope { facts, posts: None, no_calendar: world.calendars.is_empty() }
}

/// The facts of a policy's condition.
pub(crate) fn policy(world: &World) -> Scope {
    let attributes = match &world.organisation {
        Some(Known::Whole(organisation)) => {
            let typed = organisation.person_attributes.iter();
            typed.map(|(name, (_, kind))| (name.clone(), Type::of_field(kind))).collect()
        }
        _ => BTreeMap::new(),
    };
    let facts = expr::scope::policy_scope(&attributes);
    let broken = matches!(world.organisation, Some(Known::Broken));
    Scope { facts: if broken { facts.with("subject", Type::Any) } else { facts }, ..Scope::default() }
}

/// Whether `name` is a fact that the platform keeps for every item, which no form's field hides.
pub(crate) fn is_platform(name: &str) -> bool {
    expr::scope::indexed(name).is_some() && WellKnown::ALL.iter().all(|role| role.name() != name)
}
