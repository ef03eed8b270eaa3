//! The functions that expressions may call, with their types: one table, from which calls are checked and evaluated, and
//! the reference is written.
//!
//! Invariants: names are unique; every overload's parameters have names; a function is total up to its [`EvalError`].

mod dates;
mod values;
mod workdays;

use super::{
    Type,
    eval::{Env, EvalError, kind},
};
use crate::{
    text::{Language, Text},
    value::Value,
};

pub(super) use values::contains;
pub(crate) use workdays::counts_workdays;

/// Reads a constant argument; why it is none, for the author of a definition.
type Constant = fn(&str) -> Result<Value, Text>;

/// One function.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it gives, in Chinese.
    pub zh: &'static str,
    /// What it gives, in English.
    pub en: &'static str,
    /// The arguments that it takes; the first that fit.
    pub overloads: &'static [Overload],
    /// Reads a constant argument when the expression is compiled.
    pub(super) constant: Option<Constant>,
    /// What it gives for an absent argument.
    absent: Absent,
    eval: fn(&[Value], &dyn Env) -> Result<Value, EvalError>,
}

/// One way to call a function.
#[derive(Debug)]
pub struct Overload {
    /// The parameters with their names.
    pub parameters: &'static [(&'static str, Parameter)],
    /// Whether the last parameter may be given any number of times.
    pub repeats: bool,
    /// What it gives.
    pub result: Parameter,
}

/// The type of a parameter or result. The element type stands for one type throughout an overload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "most are named after their type")]
pub enum Parameter {
    Bool,
    Number,
    /// A number without decimals.
    Whole,
    Text,
    /// A text in quotes.
    Constant,
    Date,
    Time,
    Span,
    Unit,
    /// Anything.
    Any,
    /// The element type.
    Element,
    /// The element type, which must be ordered.
    Ordered,
    /// A list of the element type.
    List,
}

/// What a function gives where an argument is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// An absent value.
    Null,
    /// False: the function is an atom.
    False,
    /// The function decides.
    Own,
}

/// All functions, by name.
#[must_use]
pub fn all() -> &'static [Function] {
    TABLE
}

/// The function called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name == name)
}

pub(super) fn call(name: &str, values: &[Value], env: &dyn Env) -> Result<Value, EvalError> {
    let function = find(name).ok_or_else(|| EvalError::new(format!("unknown function `{name}`")))?;
    if function.absent != Absent::Own && values.contains(&Value::Null) {
        return Ok(if function.absent == Absent::False { Value::Bool(false) } else { Value::Null });
    }
    (function.eval)(values, env)
}

/// The error for arguments that the compiler could not know (`Type::Any`).
fn unfit(name: &str, values: &[Value]) -> EvalError {
    let kinds: Vec<&str> = values.iter().map(kind).collect();
    EvalError::new(format!("`{name}` cannot take {}", kinds.join(", ")))
}

impl Function {
    /// What it gives, in both languages.
    #[must_use]
    pub fn doc(&self) -> Text {
        Text::new(self.zh, self.en)
    }

    /// How it is called, one line per overload: `contains(list: list, x: element)`.
    #[must_use]
    pub fn signatures(&self, language: Language) -> Vec<String> {
        let one = |overload: &Overload| {
            let parameters = overload.parameters.iter().map(|(name, parameter)| {
                let title = parameter.title();
                format!("{name}: {}", title.get(language))
            });
            let more = if overload.repeats { ", …" } else { "" };
            format!("{}({}{more})", self.name, parameters.collect::<Vec<_>>().join(", "))
        };
        self.overloads.iter().map(one).collect()
    }
}

impl Parameter {
    /// Whether an argument of type `ty` fits; `element` is what the element type is so far, and becomes more exact.
    pub(super) fn takes(self, ty: &Type, is_constant: bool, element: &mut Type) -> bool {
        let mut join = |ty: &Type| match element.join(ty) {
            Some(joined) => {
                *element = joined;
                true
            }
            None => false,
        };
        match self {
            Self::Any => true,
            Self::Constant => is_constant && Type::Text.accepts(ty),
            Self::Element => join(ty),
            Self::Ordered => (ty.is_ordered() || *ty == Type::Null) && join(ty),
            Self::List => match ty {
                Type::List(ty) => join(ty),
                Type::Any => join(&Type::Any),
                Type::Null => true,
                _ => false,
            },
            plain => plain.ty(&Type::Any).accepts(ty),
        }
    }

    /// The type that it stands for where the element type is `element`.
    pub(super) fn ty(self, element: &Type) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Number | Self::Whole => Type::Number,
            Self::Text | Self::Constant => Type::Text,
            Self::Date => Type::Date,
            Self::Time => Type::Time,
            Self::Span => Type::Span,
            Self::Unit => Type::Unit,
            Self::Any => Type::Any,
            Self::Element | Self::Ordered => element.clone(),
            Self::List => Type::list(element.clone()),
        }
    }

    /// What it is called in messages.
    pub(super) fn title(self) -> Text {
        match self {
            Self::Constant => Text::new("引号中的文本", "text in quotes"),
            Self::Whole => Text::new("整数", "a whole number"),
            Self::Element => Text::new("元素", "an element"),
            Self::Ordered => Text::new("可比较大小的值", "an ordered value"),
            Self::List => Text::new("列表", "a list"),
            plain => plain.ty(&Type::Any).title(),
        }
    }
}

/// An overload whose last parameter does not repeat.
const fn takes(parameters: &'static [(&'static str, Parameter)], result: Parameter) -> Overload {
    Overload { parameters, repeats: false, result }
}

/// A function that leaves absent arguments to [`Absent::Null`].
const fn function(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    overloads: &'static [Overload],
    eval: fn(&[Value], &dyn Env) -> Result<Value, EvalError>,
) -> Function {
    Function { name, zh, en, overloads, constant: None, absent: Absent::Null, eval }
}

impl Function {
    const fn atom(self) -> Self {
        Self { absent: Absent::False, ..self }
    }

    const fn own(self) -> Self {
        Self { absent: Absent::Own, ..self }
    }

    const fn folds(self, constant: Constant) -> Self {
        Self { constant: Some(constant), ..self }
    }
}

use Parameter as P;

const TABLE: &[Function] = &[
    function(
        "add_months",
        "n 个月后（n 为负则之前）同一日的日期；那个月没有这一日时为其最后一日：1 月 31 日的 1 个月后是 2 月 28 或 29 日",
        "the same day n months later, or before where n is negative; the month's last day where it has no such day: a month after 31 January is 28 or 29 February",
        &[takes(&[("date", P::Date), ("n", P::Whole)], P::Date)],
        dates::add_months,
    ),
    function(
        "add_workdays",
        "date 之后第 n 个工作日，n 为负则之前；date 当日不计，无论是否工作日；n 为 0 时是 date 当日，遇休息日则顺延到下一个工作日",
        "the n-th working day after the date, or before it where n is negative; the date itself is not counted, working day or not; with 0 the date itself, or the next working day where it is none",
        &[takes(&[("date", P::Date), ("n", P::Whole)], P::Date)],
        workdays::add_workdays,
    ),
    function(
        "contains",
        "列表中是否有 x；文本中是否含有这段文字（区分大小写）",
        "whether the list holds x, or the text holds the part, in the same case",
        &[
            takes(&[("list", P::List), ("x", P::Element)], P::Bool),
            takes(&[("text", P::Text), ("part", P::Text)], P::Bool),
        ],
        values::contains_call,
    )
    .atom(),
    function(
        "cycle",
        "反馈周期的长度，取自字典条目的 every；没有则为空",
        "the length of a feedback cycle, from the `every` of its dictionary entry; null without one",
        &[takes(&[("entry", P::Text)], P::Span)],
        dates::cycle,
    ),
    function(
        "date",
        "引号中写明的日期，或某一时刻在本地时区的日期",
        "the date in quotes, or the day of a point in time in the deployment's zone",
        &[takes(&[("text", P::Constant)], P::Date), takes(&[("time", P::Time)], P::Date)],
        dates::date,
    )
    .folds(dates::constant_date),
    function(
        "day",
        "日期是当月的第几日",
        "the day of the month of the date",
        &[takes(&[("date", P::Date)], P::Number)],
        dates::day,
    ),
    function(
        "days_between",
        "从 a 到 b 的天数，b 较早时为负",
        "the number of days from a to b, negative where b is earlier",
        &[takes(&[("a", P::Date), ("b", P::Date)], P::Number)],
        dates::days_between,
    ),
    function(
        "distinct",
        "去掉重复元素后的列表，保持原顺序",
        "the list without repeated elements, in its order",
        &[takes(&[("list", P::List)], P::List)],
        values::distinct,
    ),
    function(
        "duration",
        "引号中写明的时长：P3D 为 3 天，P1W 为 1 周，PT30M 为 30 分钟",
        "the duration in quotes: P3D is 3 days, P1W a week, PT30M 30 minutes",
        &[takes(&[("text", P::Constant)], P::Span)],
        dates::duration,
    )
    .folds(dates::constant_duration),
    function(
        "end_of_month",
        "日期所在月份的最后一日",
        "the last day of the date's month",
        &[takes(&[("date", P::Date)], P::Date)],
        dates::end_of_month,
    ),
    function(
        "end_of_quarter",
        "日期所在季度的最后一日",
        "the last day of the date's quarter",
        &[takes(&[("date", P::Date)], P::Date)],
        dates::end_of_quarter,
    ),
    function(
        "first",
        "列表的第一个元素；列表为空则为空",
        "the first element of the list; null where there is none",
        &[takes(&[("list", P::List)], P::Element)],
        values::first,
    ),
    function(
        "has",
        "是否有值；空列表算没有",
        "whether there is a value; an empty list is none",
        &[takes(&[("x", P::Any)], P::Bool)],
        values::has,
    )
    .own(),
    function(
        "lower",
        "转换成小写的文本",
        "the text in lower case",
        &[takes(&[("text", P::Text)], P::Text)],
        values::lower,
    ),
    function(
        "max",
        "最大的值，略过空值",
        "the greatest value, passing over absent ones",
        &[Overload { parameters: &[("a", P::Ordered), ("b", P::Ordered)], repeats: true, result: P::Ordered }],
        values::max,
    )
    .own(),
    function(
        "min",
        "最小的值，略过空值",
        "the least value, passing over absent ones",
        &[Overload { parameters: &[("a", P::Ordered), ("b", P::Ordered)], repeats: true, result: P::Ordered }],
        values::min,
    )
    .own(),
    function(
        "month",
        "日期所在的月份，1 至 12",
        "the month of the date, 1 to 12",
        &[takes(&[("date", P::Date)], P::Number)],
        dates::month,
    ),
    function(
        "next_by_month",
        "从 start 起每隔 months 个月的日期（按 add_months）中，after 之后的第一个；有 cap 时不晚于 cap",
        "the first date after `after` among start and months, 2 × months, … later (as by add_months); not later than `cap` where there is one",
        &[takes(&[("start", P::Date), ("months", P::Whole), ("after", P::Date), ("cap", P::Date)], P::Date)],
        dates::next_by_month,
    )
    .own(),
    function(
        "next_on_grid",
        "从 start 起每隔 every 的日期中，after 之后的第一个；有 cap 时不晚于 cap",
        "the first date after `after` among start + every, start + 2 × every, …; not later than `cap` where there is one",
        &[takes(&[("start", P::Date), ("every", P::Span), ("after", P::Date), ("cap", P::Date)], P::Date)],
        dates::next_on_grid,
    )
    .own(),
    function(
        "overlaps",
        "两个列表是否有共同的元素",
        "whether the two lists share an element",
        &[takes(&[("a", P::List), ("b", P::List)], P::Bool)],
        values::overlaps,
    )
    .atom(),
    function(
        "quarter",
        "日期所在的季度，1 至 4",
        "the quarter of the date, 1 to 4",
        &[takes(&[("date", P::Date)], P::Number)],
        dates::quarter,
    ),
    function(
        "size",
        "列表的元素个数，或文本的字数；没有值则为 0",
        "how many elements the list has, or characters the text; 0 where there is no value",
        &[takes(&[("list", P::List)], P::Number), takes(&[("text", P::Text)], P::Number)],
        values::size,
    )
    .own(),
    function(
        "starts_with",
        "文本是否以这段文字开头（区分大小写）",
        "whether the text starts with the part, in the same case",
        &[takes(&[("text", P::Text), ("part", P::Text)], P::Bool)],
        values::starts_with,
    )
    .atom(),
    function(
        "string",
        "写成文本的值：日期为 2026-12-31，单位和人员为编号",
        "the value as text: dates as 2026-12-31, units and people as their numbers",
        &[takes(&[("x", P::Any)], P::Text)],
        values::string,
    ),
    function(
        "time",
        "引号中写明的时刻（RFC 3339），或某一日期在本地时区的零点",
        "the point in time in quotes (RFC 3339), or the start of a day in the deployment's zone",
        &[takes(&[("text", P::Constant)], P::Time), takes(&[("date", P::Date)], P::Time)],
        dates::time,
    )
    .folds(dates::constant_time),
    function(
        "vacant",
        "该单位是否没有在岗人员担任这个岗位",
        "whether nobody active holds the post in the unit",
        &[takes(&[("post", P::Constant), ("unit", P::Unit)], P::Bool)],
        values::vacant,
    )
    .atom(),
    function(
        "weekday",
        "星期几：1 为星期一，7 为星期日",
        "the day of the week: 1 is Monday, 7 Sunday",
        &[takes(&[("date", P::Date)], P::Number)],
        dates::weekday,
    ),
    function(
        "workday",
        "日期是否工作日，按节假日日历（含调休）",
        "whether the date is a working day, by the calendar of holidays and make-up days",
        &[takes(&[("date", P::Date)], P::Bool)],
        workdays::workday,
    )
    .atom(),
    function(
        "workdays_between",
        "从 a 到 b 的工作日数：a 之后到 b 为止（含 b）；b 较早时为从 b 到 a 的前一日，取负",
        "the working days that lead from a to b: those after a up to b itself; where b is earlier those from b up to the day before a, negative",
        &[takes(&[("a", P::Date), ("b", P::Date)], P::Number)],
        workdays::workdays_between,
    ),
    function(
        "year",
        "日期所在的年份",
        "the year of the date",
        &[takes(&[("date", P::Date)], P::Number)],
        dates::year,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_documented() {
        assert!(TABLE.is_sorted_by(|a, b| a.name < b.name));
        for function in TABLE {
            assert!(!function.zh.is_empty() && !function.en.is_empty() && !function.overloads.is_empty());
        }
    }

    #[test]
    fn a_signature_reads_as_a_call() {
        let min = find("min").unwrap();
        assert_eq!(min.signatures(Language::En), ["min(a: an ordered value, b: an ordered value, …)"]);
        let contains = find("contains").unwrap();
        assert_eq!(
            contains.signatures(Language::Zh),
            ["contains(list: 列表, x: 元素)", "contains(text: 文本, part: 文本)"]
        );
    }
}
