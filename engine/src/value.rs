//! Values that expressions compute with, and their relation to the JSON that items and forms store.

use std::{cmp::Ordering, collections::BTreeMap, fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::definition::form::FieldKind;
use crate::id::{PersonId, UnitId};
use crate::text::{Name, Text};

/// A span of time as definitions write it: whole natural days (`P3D`), or an exact length (`PT30M`).
///
/// A day is a calendar day in the deployment's zone, not 24 hours. Compared with each other, spans count a day as 24 hours.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
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

/// Why a text is no [`Span`]; the message is for the author of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASpan(pub Text);

impl Span {
    /// `days` calendar days.
    #[must_use]
    pub const fn of_days(days: i32) -> Self {
        Self { days, exact: SignedDuration::ZERO }
    }

    /// An exact length.
    #[must_use]
    pub const fn of_exact(exact: SignedDuration) -> Self {
        Self { days: 0, exact }
    }

    /// The same span backwards; none where it leaves its range.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        Some(Self { days: self.days.checked_neg()?, exact: self.exact.checked_neg()? })
    }

    /// Both spans together; none where the sum leaves its range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self { days: self.days.checked_add(other.days)?, exact: self.exact.checked_add(other.exact)? })
    }

    /// The length in whole seconds, a day counted as 24 hours; as much as fits.
    #[must_use]
    pub fn nominal_seconds(self) -> u32 {
        u32::try_from(self.nominal() / 1_000_000_000).unwrap_or(if self.days < 0 { 0 } else { u32::MAX })
    }

    /// The length in nanoseconds, a day counted as 24 hours: what comparison goes by.
    pub(crate) const fn nominal(self) -> i128 {
        const DAY: i128 = 24 * 60 * 60 * 1_000_000_000;
        self.days as i128 * DAY + self.exact.as_nanos()
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Span {}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Span {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nominal().cmp(&other.nominal())
    }
}

impl FromStr for Span {
    type Err = NotASpan;

    /// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds: `P3D`, `P1W`, `PT30M`, `P1DT12H`, `-P1D`.
    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let rest = rest.strip_prefix('P').ok_or_else(|| no_span(text))?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return Err(no_span(text)),
            Some((date, time)) => (date, time),
            None if rest.is_empty() => return Err(no_span(text)),
            None => (rest, ""),
        };
        let mut days = 0_i64;
        parts(text, date, |number, unit| {
            let of = match unit {
                'W' => 7,
                'D' => 1,
                'Y' | 'M' => return Err(uneven(text)),
                _ => return Err(no_span(text)),
            };
            let count = number.parse::<i64>().map_err(|_| no_span(text))?;
            days = count.checked_mul(of).and_then(|count| days.checked_add(count)).ok_or_else(|| too_long(text))?;
            Ok(())
        })?;
        let mut exact = SignedDuration::ZERO;
        parts(text, time, |number, unit| {
            let part = match unit {
                'H' => whole(text, number, 3_600)?,
                'M' => whole(text, number, 60)?,
                'S' => seconds(number).ok_or_else(|| no_span(text))?,
                _ => return Err(no_span(text)),
            };
            exact = exact.checked_add(part).ok_or_else(|| too_long(text))?;
            Ok(())
        })?;
        let days = i32::try_from(days).map_err(|_| too_long(text))?;
        let span = Self { days, exact };
        if negative { span.checked_neg().ok_or_else(|| too_long(text)) } else { Ok(span) }
    }
}

/// Calls `each` with the number and unit of every part of one half of a duration.
fn parts(text: &str, half: &str, mut each: impl FnMut(&str, char) -> Result<(), NotASpan>) -> Result<(), NotASpan> {
    let mut rest = half;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(|| no_span(text))?;
        let (number, tail) = rest.split_at(end);
        let mut tail = tail.chars();
        let unit = tail.next().ok_or_else(|| no_span(text))?;
        each(number, unit)?;
        rest = tail.as_str();
    }
    Ok(())
}

fn whole(text: &str, number: &str, seconds: i64) -> Result<SignedDuration, NotASpan> {
    let count = number.parse::<i64>().map_err(|_| no_span(text))?;
    count.checked_mul(seconds).map(SignedDuration::from_secs).ok_or_else(|| too_long(text))
}

/// Seconds with at most nine decimals.
fn seconds(number: &str) -> Option<SignedDuration> {
    let Some((secs, fraction)) = number.split_once('.') else {
        return number.parse().ok().map(SignedDuration::from_secs);
    };
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    let nanos = if secs.starts_with('-') { -nanos } else { nanos };
    SignedDuration::from_secs(secs.parse().ok()?).checked_add(SignedDuration::from_nanos(nanos.into()))
}

fn no_span(text: &str) -> NotASpan {
    NotASpan(Text::new(
        format!("`{text}` 不是时长：请写成 `P3D`（3 天）、`P1W`（1 周）或 `PT30M`（30 分钟）"),
        format!("`{text}` is not a duration: write `P3D` (3 days), `P1W` (a week) or `PT30M` (30 minutes)"),
    ))
}

fn uneven(text: &str) -> NotASpan {
    NotASpan(Text::new(
        format!("`{text}` 含有月或年，其长短不一：请改写成周或天，如 `P4W`、`P30D`"),
        format!("`{text}` holds months or years, which differ in length: write weeks or days, such as `P4W` or `P30D`"),
    ))
}

fn too_long(text: &str) -> NotASpan {
    NotASpan(Text::new(format!("时长 `{text}` 过长"), format!("the duration `{text}` is too long")))
}

impl fmt::Display for Span {
    /// As ISO 8601: `P3D`, `PT30M`, `P1DT12H`, `P0D`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        if self.days != 0 || self.exact.is_zero() {
            write!(f, "{}D", self.days)?;
        }
        if self.exact.is_zero() {
            return Ok(());
        }
        f.write_str("T")?;
        let (secs, nanos) = (self.exact.as_secs(), self.exact.subsec_nanos());
        for (count, unit) in [(secs / 3_600, 'H'), (secs / 60 % 60, 'M')] {
            if count != 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        let rest = secs % 60;
        if nanos != 0 {
            let sign = if self.exact.is_negative() { "-" } else { "" };
            let fraction = format!("{:09}", nanos.unsigned_abs());
            write!(f, "{sign}{}.{}S", rest.unsigned_abs(), fraction.trim_end_matches('0'))?;
        } else if rest != 0 {
            write!(f, "{rest}S")?;
        }
        Ok(())
    }
}

/// The date written `YYYY-MM-DD`; nothing else is a date here.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    if is_shaped_as_date(text) { text.parse().ok() } else { None }
}

/// Why [`parse_date`] finds no date in `text`, for the author of a definition.
pub(crate) fn why_no_date(text: &str) -> Text {
    if is_shaped_as_date(text) {
        return Text::new(format!("没有 `{text}` 这一天"), format!("there is no day `{text}`"));
    }
    Text::new(
        format!("`{text}` 不是日期：请写成 `2026-12-31`"),
        format!("`{text}` is not a date: write it as `2026-12-31`"),
    )
}

fn is_shaped_as_date(text: &str) -> bool {
    let shape = |(at, b): (usize, u8)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

impl Value {
    /// The value that `json` stores for a field of `kind`.
    ///
    /// What does not fit the kind is absent, and so is an empty text: the form's schema has refused it before, or an older
    /// form wrote it. Lists leave out elements that do not fit.
    #[must_use]
    pub fn from_json(json: &Json, kind: &FieldKind) -> Self {
        match (kind, json) {
            (FieldKind::Text { .. } | FieldKind::Choice(_) | FieldKind::Entry { .. }, Json::String(text)) => {
                if text.is_empty() { Self::Null } else { Self::Text(text.clone()) }
            }
            (FieldKind::Number, json) => decimal(json).map_or(Self::Null, Self::Number),
            (FieldKind::Bool, Json::Bool(bool)) => Self::Bool(*bool),
            (FieldKind::Date, Json::String(text)) => parse_date(text).map_or(Self::Null, Self::Date),
            (FieldKind::Unit, json) => id(json).map_or(Self::Null, |id| Self::Unit(UnitId(id))),
            (FieldKind::Person, json) => id(json).map_or(Self::Null, |id| Self::Person(PersonId(id))),
            (FieldKind::List(kind), Json::Array(all)) => Self::List(
                all.iter().map(|json| Self::from_json(json, kind)).filter(|value| *value != Self::Null).collect(),
            ),
            _ => Self::Null,
        }
    }

    /// The JSON that stores this value: dates as `YYYY-MM-DD`, instants as RFC 3339, spans as ISO 8601, ids as decimal
    /// text. Numbers are JSON numbers; one that a JSON number would round is its decimal text instead, which
    /// [`Value::from_json`] reads back.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(bool) => Json::Bool(*bool),
            Self::Number(number) => number_to_json(*number),
            Self::Text(text) => Json::String(text.clone()),
            Self::Date(date) => Json::String(date.to_string()),
            Self::Time(time) => Json::String(time.to_string()),
            Self::Span(span) => Json::String(span.to_string()),
            Self::Unit(id) => Json::String(id.to_string()),
            Self::Person(id) => Json::String(id.to_string()),
            Self::List(all) => Json::Array(all.iter().map(Self::to_json).collect()),
            Self::Record(fields) => {
                Json::Object(fields.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect())
            }
        }
    }

    /// Whether it is absent. An empty list is: what is stored as rows cannot tell the two apart.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(all) => all.is_empty(),
            _ => false,
        }
    }

    /// The value at `path` inside nested records; `Null` where it leads nowhere.
    #[must_use]
    pub fn at(&self, path: &[Name]) -> &Self {
        let mut value = self;
        for name in path {
            value = match value {
                Self::Record(fields) => fields.get(name).unwrap_or(&Self::Null),
                _ => &Self::Null,
            };
        }
        value
    }
}

/// A number as JSON holds it, or as the decimal text that [`Value::to_json`] writes for a long one.
fn decimal(json: &Json) -> Option<Decimal> {
    let text = match json {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        _ => return None,
    };
    let number = if text.contains(['e', 'E']) { Decimal::from_scientific(&text) } else { text.parse() };
    number.ok().map(|number| number.normalize())
}

fn number_to_json(number: Decimal) -> Json {
    let number = number.normalize();
    let text = number.to_string();
    if let Ok(whole) = text.parse::<i64>() {
        return Json::from(whole);
    }
    // A double holds every decimal of up to 15 digits so that its shortest form is that decimal again.
    let json = text.parse().ok().and_then(serde_json::Number::from_f64).map(Json::Number);
    json.filter(|json| decimal(json) == Some(number)).unwrap_or(Json::String(text))
}

/// An id of a unit or person: decimal text, or an integer as older data may have it.
fn id(json: &Json) -> Option<i64> {
    match json {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// What was filled into a form: the fields as JSON. Shared, since a command, its event and the state hold the same.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Data(std::sync::Arc<serde_json::Map<String, Json>>);

impl Data {
    /// The fields.
    #[must_use]
    pub fn fields(&self) -> &serde_json::Map<String, Json> {
        &self.0
    }
}

impl From<serde_json::Map<String, Json>> for Data {
    fn from(fields: serde_json::Map<String, Json>) -> Self {
        Self(std::sync::Arc::new(fields))
    }
}

impl std::ops::Deref for Data {
    type Target = serde_json::Map<String, Json>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_span_reads_as_it_is_written() {
        for text in ["P3D", "P0D", "PT30M", "PT1H", "P1DT12H30M5S", "PT0.5S", "P-2D", "PT-0.25S", "PT-1H-1M"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("P2W".parse::<Span>().unwrap(), Span::of_days(14));
        assert_eq!("P1W1D".parse::<Span>().unwrap(), Span::of_days(8));
        assert_eq!("-P1DT1H".parse::<Span>().unwrap().to_string(), "P-1DT-1H");
        assert_eq!("PT90M".parse::<Span>().unwrap().to_string(), "PT1H30M");
    }

    #[test]
    fn what_is_no_span_is_refused_with_a_reason() {
        for text in ["", "P", "PT", "P1DT", "3D", "p3d", "P3", "P1X", "PT1D", "P1.5D", "P天", "PTS", "PT1.S", "--P1D"]
        {
            let NotASpan(message) = text.parse::<Span>().unwrap_err();
            assert!(message.en.contains("is not a duration"), "{text}: {}", message.en);
        }
        for text in ["P1M", "P2Y", "P1Y2M3D"] {
            let NotASpan(message) = text.parse::<Span>().unwrap_err();
            assert!(message.en.contains("months or years") && message.zh.contains("月或年"), "{text}");
        }
        for text in ["P2147483648D", "P9223372036854775807W", "PT9223372036854775807H"] {
            let NotASpan(message) = text.parse::<Span>().unwrap_err();
            assert!(message.en.contains("too long"), "{text}: {}", message.en);
        }
    }

    #[test]
    fn spans_compare_with_a_day_of_24_hours() {
        let span = |text: &str| text.parse::<Span>().unwrap();
        assert_eq!(span("P1D"), span("PT24H"));
        assert!(span("P1D") < span("PT25H") && span("P2D") > span("PT25H"));
    }

    #[test]
    fn a_value_reads_from_the_json_that_it_writes() {
        let list = |kind| FieldKind::List(Box::new(kind));
        for (json, kind) in [
            (json!("教委"), FieldKind::Text { multiline: false }),
            (json!(60), FieldKind::Number),
            (json!(0.1), FieldKind::Number),
            (json!(-123_456.789), FieldKind::Number),
            (json!(i64::MAX), FieldKind::Number),
            (json!("0.1234567890123456789012345678"), FieldKind::Number),
            (json!(true), FieldKind::Bool),
            (json!("2028-02-29"), FieldKind::Date),
            (json!("9223372036854775807"), FieldKind::Unit),
            (json!("42"), FieldKind::Person),
            (json!(["1", "2"]), list(FieldKind::Unit)),
            (json!([]), list(FieldKind::Person)),
        ] {
            assert_eq!(Value::from_json(&json, &kind).to_json(), json);
        }
    }

    #[test]
    fn what_does_not_fit_is_absent() {
        let text = FieldKind::Text { multiline: true };
        for (json, kind) in [
            (json!(null), text.clone()),
            (json!(""), text.clone()),
            (json!(1), text.clone()),
            (json!("2026-02-30"), FieldKind::Date),
            (json!("2026-2-3"), FieldKind::Date),
            (json!("2026-02-03T00:00"), FieldKind::Date),
            (json!("many"), FieldKind::Number),
            (json!("教委"), FieldKind::Unit),
            (json!("x"), FieldKind::List(Box::new(text.clone()))),
        ] {
            assert_eq!(Value::from_json(&json, &kind), Value::Null, "{json}");
        }
        let units = Value::from_json(&json!(["1", null, "x", "2"]), &FieldKind::List(Box::new(FieldKind::Unit)));
        assert_eq!(units, Value::List(vec![Value::Unit(UnitId(1)), Value::Unit(UnitId(2))]));
    }

    #[test]
    fn values_survive_their_serialisation() {
        let value = Value::Record(BTreeMap::from([
            (Name::from("日期"), Value::Date(date(2026, 12, 31))),
            (Name::from("n"), Value::Number("0.10".parse().unwrap())),
            (Name::from("s"), Value::Span("P1DT5M".parse().unwrap())),
        ]));
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
        assert_eq!(value.at(&["日期".into()]), &Value::Date(date(2026, 12, 31)));
        assert_eq!(value.at(&["日期".into(), "x".into()]), &Value::Null);
    }
}
