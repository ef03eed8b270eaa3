//! Random items, the item above them, and a random person.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    case::{Item, ItemState},
    definition::{
        form::{Field, FieldKind, Form, WellKnown},
        module::{Kind, List, Module},
        registry::Registry,
    },
    expr::Type,
    id::{Id, PersonId, UnitId},
    org::{Holding, Org, Person, Unit},
    text::{Name, Text},
    value::Value,
};
use docket_server::access::{Facts, Subject};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use proptest::{
    option,
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Map, Value as Json, json};

/// Module, kind and form of every item here.
pub(crate) const NAME: &str = "things";

/// Days on which expressions are evaluated: a plain one, and ends of months of every length.
fn days() -> impl Strategy<Value = Date> {
    select(vec![
        date(2026, 11, 25),
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2028, 1, 31),
    ])
}

/// What `subject` has beside the platform's facts.
pub(crate) fn attributes() -> BTreeMap<Name, Type> {
    BTreeMap::from([
        ("level".into(), Type::Number),
        ("vip".into(), Type::Bool),
        ("since".into(), Type::Date),
        ("office".into(), Type::Unit),
        ("office_name".into(), Type::Text),
        ("offices".into(), Type::list(Type::Unit)),
    ])
}

/// Items that a person looks at.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// By id; an item lies below the one before it, or below none.
    pub(crate) items: Vec<Item>,
    pub(crate) subjects: Vec<Arc<Subject>>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) today: Date,
}

impl World {
    /// Every item with its facts, by id.
    pub(crate) fn facts<'a>(&'a self, zone: &'a TimeZone) -> impl Iterator<Item = (i64, Facts<'a>)> {
        self.items.iter().map(move |item| {
            let parent = item.parent.and_then(|id| self.items.iter().find(|item| item.id == id));
            (item.id.raw(), Facts { item, parent, registry: &self.registry, today: self.today, zone })
        })
    }
}

/// A world of `most` items or somewhat fewer.
pub(crate) fn world((most, people): (usize, usize)) -> impl Strategy<Value = World> {
    let registry = Arc::new(registry());
    let world = days().prop_flat_map(move |today| {
        let items = prop::collection::vec(item(today), (most - most / 4).min(most)..=most);
        (items, prop::collection::vec(subject(today), people), Just(today))
    });
    world.prop_map(move |(mut items, subjects, today)| {
        let mut above: Option<Id> = None;
        for (number, (item, below)) in items.iter_mut().enumerate() {
            item.id = Id::below(1, u32::try_from(number).unwrap());
            item.parent = above.filter(|_| *below);
            above = Some(item.id);
        }
        let items = items.into_iter().map(|(item, _)| item).collect();
        let subjects = subjects.into_iter().map(Arc::new).collect();
        World { items, subjects, registry: Arc::clone(&registry), today }
    })
}

/// A day near `today`, or near where a month before or after it begins.
fn near(today: Date) -> impl Strategy<Value = Option<Date>> {
    let days = prop_oneof![4 => -5..6_i64, 1 => 26..33_i64, 1 => -33..-26_i64];
    option::of(days.prop_map(move |days| today.saturating_add(SignedDuration::from_hours(24 * days))))
}

fn ids(most: i64) -> impl Strategy<Value = Vec<i64>> {
    subsequence((1..=most).collect::<Vec<_>>(), 0..=3)
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(vec!["重点", "a", "Z", "open", "区委"], 0..=3)
}

fn word() -> impl Strategy<Value = Option<&'static str>> {
    // Beside plain ones: beyond the first plane, before and after it in UTF-16; composed and not; special casing; blanks; LIKE's.
    option::of(select(vec![
        "Z",
        "a",
        "A",
        "é",
        "e\u{301}",
        "中文",
        "重点工程",
        "一",
        "ab",
        "𠀀",
        "\u{ffee}",
        "\u{e000}",
        "\u{10ffff}",
        "İ",
        "ß",
        "a ",
        " a",
        "50%",
        "a_b",
        "a\\b",
        "O'Brien",
        "\u{200b}",
    ]))
}

/// The fields of an item's form.
fn fields(today: Date) -> impl Strategy<Value = Map<String, Json>> {
    let texts = |ids: Vec<i64>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let scalars = (word(), option::of(1..9_i64), near(today), word());
    (scalars, ids(9), ids(3), words(), words()).prop_map(
        move |((title, lead, due, cycle), co, leaders, source, category)| {
            let mut fields = Map::new();
            let mut put = |name: &str, json: Json| fields.insert(name.to_owned(), json);
            put("title", json!(title));
            put("lead_unit", json!(lead.map(|id| id.to_string())));
            put("due", json!(due.map(|date| date.to_string())));
            put("cycle", json!(cycle));
            put("co_units", json!(texts(co)));
            put("leader", json!(texts(leaders)));
            put("source", json!(source));
            put("category", json!(category));
            fields
        },
    )
}

/// An item, and whether it lies below the one before it.
fn item(today: Date) -> impl Strategy<Value = (Item, bool)> {
    let state = select(vec![ItemState::Open, ItemState::Suspended, ItemState::Done, ItemState::Cancelled]);
    let dates = (near(today), near(today));
    let people = (ids(3), option::of(1..4_i64));
    (state, word(), dates, 2024..2029_i16, people, fields(today), any::<bool>()).prop_map(
        |(state, stage, (next_due, suspended_on), year, (participants, created_by), fields, below)| {
            let item = Item {
                id: Id::root_item(1),
                parent: None,
                module: NAME.into(),
                kind: NAME.into(),
                state,
                stage: stage.map(Name::from),
                next_due,
                year,
                suspended_on,
                fields,
                participants: participants.into_iter().map(PersonId).collect::<BTreeSet<_>>(),
                created_at: Timestamp::UNIX_EPOCH,
                created_by: created_by.map(PersonId),
            };
            (item, below)
        },
    )
}

/// A person of an organisation in which units 1 to 7 lie below each other.
fn subject(today: Date) -> impl Strategy<Value = Subject> {
    let own = (
        option::of(select(vec!["2026", "2026.0", "2025.5", "2026.000000000000000000000001", "0"])),
        option::of(any::<bool>()),
        near(today),
    );
    let more = (option::of(1..9_i64), word(), option::of(ids(9)));
    (1..4_i64, ids(9), own, more).prop_map(|(id, posts, (level, vip, since), (office, office_name, offices))| {
        let unit = |id: i64| Value::Unit(UnitId(id));
        let mut attributes = BTreeMap::new();
        let mut put =
            |name: &str, value: Option<Value>| attributes.extend(value.map(|value| (Name::from(name), value)));
        put("level", level.map(|number| Value::Number(number.parse().unwrap())));
        put("vip", vip.map(Value::Bool));
        put("since", since.map(Value::Date));
        put("office", office.map(unit));
        put("office_name", office_name.map(|name| Value::Text(name.to_owned())));
        put("offices", offices.map(|ids| Value::List(ids.into_iter().map(unit).collect())));
        let person = Person {
            id: PersonId(id),
            code: id.to_string(),
            name: String::new(),
            title: String::new(),
            attributes,
            active: true,
        };
        let holdings = posts.into_iter().map(|unit| Holding {
            person: PersonId(id),
            post: if unit == 1 { "a" } else { "open" }.into(),
            unit: Some(UnitId(unit)),
        });
        let roles = BTreeMap::from([("a".into(), vec!["Z".into(), "重点".into()])]);
        Subject::of(&Org::new(units(), vec![person], holdings.collect(), vec![], roles), PersonId(id))
    })
}

fn units() -> Vec<Unit> {
    (1..=9)
        .map(|id| Unit {
            id: UnitId(id),
            name: id.to_string(),
            aliases: vec![],
            parent: (2..=7).contains(&id).then_some(UnitId(id - 1)),
            class: String::new(),
            order: id,
            attributes: BTreeMap::new(),
            from: None,
            to: None,
            successor: None,
        })
        .collect()
}

/// One kind, whose form plays every role.
fn registry() -> Registry {
    let list = |kind| FieldKind::List(Box::new(kind));
    let text = FieldKind::Text { multiline: false };
    let kind = |role| match role {
        WellKnown::Title | WellKnown::Cycle => text.clone(),
        WellKnown::LeadUnit => FieldKind::Unit,
        WellKnown::CoUnits => list(FieldKind::Unit),
        WellKnown::Leader => list(FieldKind::Person),
        WellKnown::Due => FieldKind::Date,
        WellKnown::Source | WellKnown::Category => list(text.clone()),
    };
    let fields = WellKnown::ALL.map(|role| Field {
        name: role.name().into(),
        title: Text::default(),
        help: None,
        kind: kind(role),
        required: false,
        read_only: false,
        role: Some(role),
        max_length: None,
        minimum: None,
        maximum: None,
        widget: None,
    });
    let form = Form {
        name: NAME.into(),
        version: "0".into(),
        title: Text::default(),
        fields: fields.into(),
        schema: json!({}),
    };
    let kind = Kind {
        name: NAME.into(),
        title: Text::default(),
        form: NAME.into(),
        workflow: None,
        parent: None,
        identity: None,
        lights: vec![],
        list: List::default(),
        import: None,
        enter: vec![],
        reopen: vec![],
    };
    let module = Module {
        name: NAME.into(),
        title: Text::default(),
        order: 0,
        calendar: None,
        categories: vec![],
        kinds: vec![kind],
        cockpit: vec![],
    };
    Registry {
        modules: vec![Arc::new(module)],
        forms: BTreeMap::from([(NAME.into(), Arc::new(form))]),
        ..Registry::default()
    }
}
