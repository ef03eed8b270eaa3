//! Reads one field: a subset of JSON Schema (2020-12) with `x-` hints, in forms and for attributes of people and units.

use rust_decimal::Decimal;

use crate::{
    check::{bad_field, duplicate_name, unknown_dictionary, unknown_word, wrong_type},
    definition::{
        form::{Field, FieldKind, WellKnown},
        read::world::{Found, World},
    },
    diagnostic::Faults,
    text::{Name, Text},
    yaml::read::{At, Map, Want},
};

/// What a field says beside what [`Field`] keeps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    /// Fewest characters of a text, or elements of a list.
    pub(crate) min_length: Option<u64>,
    /// A regular expression that a text must match.
    pub(crate) pattern: Option<String>,
    /// Whether a number is a whole one.
    pub(crate) integer: bool,
}

/// The longest pattern.
const MAX_PATTERN: usize = 200;

/// The field called `name` behind `at`.
pub(crate) fn read(name: Name, at: At<'_>, world: &World, faults: &mut Faults) -> Option<(Field, Limits)> {
    let mut map = at.map(faults)?;
    let title = map.title_or(&name, faults);
    let help = map.take("description").and_then(|at| at.words(faults));
    let integer = map.at.get("type").is_some_and(|at| at.is("integer"));
    let kind = kind(&mut map, world, faults);
    let read_only = map.take("readOnly").and_then(|at| at.bool(faults)).unwrap_or(false);
    let role = map.take("x-field").and_then(|at| role(at, kind.as_ref(), faults));
    let widget = map.take("x-widget").and_then(|at| at.name(faults));
    let list = matches!(kind, Some(FieldKind::List(_)));
    let (shortest, longest) = if list { ("minItems", "maxItems") } else { ("minLength", "maxLength") };
    let (mut limits, mut max_length, mut minimum, mut maximum) =
        (Limits { integer, ..Limits::default() }, None, None, None);
    if matches!(kind, None | Some(FieldKind::Text { .. } | FieldKind::List(_))) {
        limits.min_length = map.take(shortest).and_then(|at| count(at, faults));
        max_length = map.take(longest).and_then(|at| count(at, faults));
        ordered(&map, (shortest, limits.min_length), (longest, max_length), faults);
    }
    if matches!(kind, None | Some(FieldKind::Text { .. })) {
        limits.pattern = map.take("pattern").and_then(|at| pattern(at, faults));
    }
    if matches!(kind, None | Some(FieldKind::Number)) {
        minimum = map.take("minimum").and_then(|at| at.number(faults));
        maximum = map.take("maximum").and_then(|at| at.number(faults));
        ordered(&map, ("minimum", minimum), ("maximum", maximum), faults);
    }
    map.finish(faults);
    let field = Field {
        name,
        title,
        help,
        kind: kind?,
        required: false,
        read_only,
        role,
        max_length,
        minimum,
        maximum,
        widget,
    };
    Some((field, limits))
}

/// The kind of value: `type` with `format`, `enum`, `x-dictionary` or `items`.
pub(crate) fn kind(map: &mut Map<'_>, world: &World, faults: &mut Faults) -> Option<FieldKind> {
    #[derive(Clone, Copy)]
    enum Basic {
        Text,
        Number,
        Bool,
        List,
    }
    let types = [
        ("string", Basic::Text),
        ("number", Basic::Number),
        ("integer", Basic::Number),
        ("boolean", Basic::Bool),
        ("array", Basic::List),
    ];
    let basic = map.need("type", faults).and_then(|at| at.choice(&types, faults));
    let Some(basic) = basic else {
        for key in ["format", "enum", "x-dictionary", "items"] {
            map.take(key);
        }
        return None;
    };
    match basic {
        Basic::Number => Some(FieldKind::Number),
        Basic::Bool => Some(FieldKind::Bool),
        Basic::List => {
            let at = map.need("items", faults)?;
            let mut items = at.map(faults)?;
            let element = kind(&mut items, world, faults);
            items.finish(faults);
            match element? {
                FieldKind::List(_) => {
                    faults.push(wrong_type::fault(at, Want::Name));
                    None
                }
                element => Some(FieldKind::List(Box::new(element))),
            }
        }
        Basic::Text => text_kind(map, world, faults),
    }
}

fn text_kind(map: &mut Map<'_>, world: &World, faults: &mut Faults) -> Option<FieldKind> {
    let formats = [
        ("date", FieldKind::Date),
        ("unit", FieldKind::Unit),
        ("person", FieldKind::Person),
        ("multiline", FieldKind::Text { multiline: true }),
    ];
    let format = map.take("format");
    let choices = map.take("enum");
    let dictionary = map.take("x-dictionary");
    let given: Vec<At<'_>> = [format, choices, dictionary].into_iter().flatten().collect();
    if let [first, second, ..] = given.as_slice() {
        let (a, b) = (first.key_text(), second.key_text());
        faults.push(bad_field::fault(
            second.key_place(),
            (format!("`{a}` 与 `{b}` 不能并用"), format!("`{a}` and `{b}` exclude each other")),
            ("请只留一个", "keep one of them"),
        ));
        return None;
    }
    if let Some(at) = format {
        return at.choice(&formats, faults);
    }
    if let Some(at) = choices {
        return options(at, faults).map(FieldKind::Choice);
    }
    let Some(at) = dictionary else { return Some(FieldKind::Text { multiline: false }) };
    let name = at.name(faults)?;
    if matches!(world.dictionary(&name), Found::Missing) {
        faults.push(unknown_dictionary::fault(at.place(), &name, world.dictionaries.keys().map(Name::as_str)));
        return None;
    }
    Some(FieldKind::Entry { dictionary: name })
}

/// The values of `enum`: words, or `{name: …, title: …}`.
fn options(at: At<'_>, faults: &mut Faults) -> Option<Vec<(Name, Text)>> {
    let mut options: Vec<(Name, Text)> = Vec::new();
    for at in at.list(faults)? {
        let option = if at.is_map() {
            let mut map = at.map(faults)?;
            let name = map.need_name("name", faults);
            let title = map.title_or(name.as_ref().map_or("", |(name, _)| name.as_str()), faults);
            map.finish(faults);
            name.map(|(name, _)| (name, title))
        } else {
            at.name(faults).map(|name| (name.clone(), Text::same(name.as_str())))
        };
        let Some((name, title)) = option else { continue };
        if options.iter().any(|(other, _)| *other == name) {
            faults.push(duplicate_name::fault(at.place(), ("选项", "choice"), &name, None));
        } else {
            options.push((name, title));
        }
    }
    Some(options)
}

/// A well-known role, where the kind of the field fits it.
fn role(at: At<'_>, kind: Option<&FieldKind>, faults: &mut Faults) -> Option<WellKnown> {
    let text = at.text(faults)?;
    let Some(role) = WellKnown::ALL.into_iter().find(|role| role.name() == text) else {
        faults.push(unknown_word::fault(at.place(), text, WellKnown::ALL.iter().map(|role| role.name())));
        return None;
    };
    let many = |kind: &FieldKind| match kind {
        FieldKind::List(element) => Some((**element).clone()),
        _ => None,
    };
    let fits = kind.is_none_or(|kind| match role {
        WellKnown::Title => matches!(kind, FieldKind::Text { .. }),
        WellKnown::LeadUnit => *kind == FieldKind::Unit,
        WellKnown::CoUnits => many(kind) == Some(FieldKind::Unit),
        WellKnown::Leader => many(kind) == Some(FieldKind::Person),
        WellKnown::Due => *kind == FieldKind::Date,
        WellKnown::Cycle => matches!(kind, FieldKind::Entry { .. }),
        WellKnown::Source => matches!(many(kind), Some(FieldKind::Text { .. } | FieldKind::Entry { .. })),
        WellKnown::Category => matches!(many(kind), Some(FieldKind::Entry { .. })),
    });
    if fits {
        return Some(role);
    }
    let needed = match role {
        WellKnown::Title => ("`type: string`", "`type: string`"),
        WellKnown::LeadUnit => ("`type: string, format: unit`", "`type: string, format: unit`"),
        WellKnown::CoUnits => {
            ("`type: array, items: {type: string, format: unit}`", "`type: array, items: {type: string, format: unit}`")
        }
        WellKnown::Leader => (
            "`type: array, items: {type: string, format: person}`",
            "`type: array, items: {type: string, format: person}`",
        ),
        WellKnown::Due => ("`type: string, format: date`", "`type: string, format: date`"),
        WellKnown::Cycle => ("`type: string, x-dictionary: 字典名`", "`type: string, x-dictionary: NAME`"),
        WellKnown::Source => ("`type: array, items: {type: string}`", "`type: array, items: {type: string}`"),
        WellKnown::Category => (
            "`type: array, items: {type: string, x-dictionary: 字典名}`",
            "`type: array, items: {type: string, x-dictionary: NAME}`",
        ),
    };
    faults.push(bad_field::fault(
        at.place(),
        (format!("这种类型的字段不能作 `{text}`"), format!("a field of this type can not be `{text}`")),
        (&format!("请写 {}", needed.0), &format!("write {}", needed.1)),
    ));
    None
}

fn count(at: At<'_>, faults: &mut Faults) -> Option<u64> {
    let found = at.integer(faults)?;
    let count = u64::try_from(found).ok();
    if count.is_none() {
        faults.push(wrong_type::fault(at, Want::Integer));
    }
    count
}

fn ordered<T: PartialOrd>(map: &Map<'_>, low: (&str, Option<T>), high: (&str, Option<T>), faults: &mut Faults) {
    if let (Some(least), Some(most), Some(at)) = (low.1, high.1, map.at.get(low.0))
        && least > most
    {
        faults.push(bad_field::fault(
            at.place(),
            (
                format!("`{}` 大于 `{}`，什么也填不进去", low.0, high.0),
                format!("`{}` is above `{}`: nothing fits", low.0, high.0),
            ),
            ("请对调或改正", "swap or correct them"),
        ));
    }
}

/// A pattern in the syntax that browsers and the validator share, of bounded length and without repetition of repetition.
fn pattern(at: At<'_>, faults: &mut Faults) -> Option<String> {
    let text = at.text(faults)?;
    let mut depth = 0_usize;
    let mut classes = false;
    let mut chars = text.chars();
    let mut sound = text.len() <= MAX_PATTERN;
    while let Some(char) = chars.next() {
        match char {
            '\\' => sound &= chars.next().is_some(),
            '[' if !classes => classes = true,
            ']' if classes => classes = false,
            '(' if !classes => depth += 1,
            ')' if !classes => match depth.checked_sub(1) {
                Some(rest) => depth = rest,
                None => sound = false,
            },
            _ => {}
        }
    }
    let nested = [")*", ")+", "){"].iter().any(|sign| text.contains(sign));
    if sound && depth == 0 && !classes && !nested {
        return Some(text.to_owned());
    }
    faults.push(bad_field::fault(
        at.place(),
        (
            "正则表达式不可用：括号不成对、超过 200 个字符，或把括号整体重复".to_owned(),
            "the pattern can not be used: brackets do not match, it has more than 200 characters, or it repeats a group".to_owned(),
        ),
        ("请写如 `^[0-9]{4}-[0-9]{3}$`", "write `^[0-9]{4}-[0-9]{3}$`, for instance"),
    ));
    None
}

/// As [`Decimal`], for JSON.
pub(crate) fn json_number(number: Decimal) -> serde_json::Value {
    crate::value::Value::Number(number).to_json()
}
