//! What is refused: the code, the text underlined, and what the message says.

use docket_engine::expr::{MAX_DEPTH, MAX_LENGTH, Type};

use super::facts::{compiled, faults};

/// Source, code, underlined text, a part of the English and a part of the Chinese message or help.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn check(cases: &[Case]) {
    for (source, code, underlined, en, zh) in cases {
        let found = faults(source, &Type::Any);
        let fault = &found[0];
        let help = fault.help.clone().unwrap_or_default();
        assert_eq!(found.len(), 1, "{source}: {found:#?}");
        assert_eq!(fault.code, *code, "{source}: {fault:#?}");
        assert_eq!(&source[fault.span.clone()], *underlined, "{source}: {fault:#?}");
        assert!(fault.message.en.contains(en) || help.en.contains(en), "{source}: {fault:#?}");
        assert!(fault.message.zh.contains(zh) || help.zh.contains(zh), "{source}: {fault:#?}");
        assert!(!fault.message.en.ends_with('.') && !fault.message.zh.ends_with('。'), "{source}");
    }
}

#[test]
fn a_slip_of_syntax_is_named_where_it_stands() {
    check(&[
        ("", "expression-syntax", "", "is empty", "是空的"),
        ("item.due =  today", "expression-syntax", "=", "write `==`", "请写成 `==`"),
        ("item.due ＝ today", "expression-syntax", "＝", "write `==`", "半角"),
        ("item.state == ‘open", "expression-syntax", "‘", "write `'`", "`'`"),
        ("has（item.due)", "expression-syntax", "（", "write `(`", "`(`"),
        ("item.urgent and item.closed", "expression-syntax", "and", "write `&&`", "`&&`"),
        ("not item.urgent", "expression-syntax", "not", "write `!`", "请写成 `!`"),
        ("if item.urgent then 1 else 2", "expression-syntax", "if", "condition ? value : value", "条件 ? 值 : 值"),
        ("item.urgent 或者 item.closed", "expression-syntax", "或者", "write `||`", "`||`"),
        ("item.due <> today", "expression-syntax", "<>", "write `!=`", "`!=`"),
        ("item.due === today", "expression-syntax", "===", "write `==`", "`==`"),
        ("has(item.due))", "expression-syntax", ")", "remove it", "请删去它"),
        ("${item.due}", "expression-syntax", "$", "a path stands alone", "直接写路径"),
        ("{{item.due}}", "expression-syntax", "{", "a path stands alone", "直接写路径"),
        ("50%", "expression-syntax", "%", "remainder", "求余"),
        ("item.state == 'open", "expression-syntax", "'open", "no closing `'`", "没有结束的引号"),
        (r"'\x'", "expression-syntax", r"'\x'", "unknown escape", "转义"),
        ("item.due >", "expression-syntax", ">", "ends too early", "没有写完"),
        ("(item.due == today", "expression-syntax", "(", "is not closed", "没有结束"),
        ("has(item.due && item.urgent", "expression-syntax", "(", "add `)`", "补上 `)`"),
        ("1 < 2 < 3", "expression-syntax", "<", "cannot be chained", "不能连写"),
        ("item.urgent ? 1", "expression-syntax", "1", "expected `:`", "缺少 `:`"),
        ("item.co_units[0]", "expression-syntax", "[", "first(list)", "first(列表)"),
        ("first(item.co_units).name", "expression-syntax", "name", "can follow a fact only", "只能跟在事实后面"),
        ("2026年", "expression-syntax", "2026年", "is not a number", "不是数"),
        ("3d", "expression-syntax", "3d", "is not a number", "不是数"),
        ("item.", "expression-syntax", ".", "expected a name", "应是名称"),
        ("in item.co_units", "expression-syntax", "in", "cannot stand here", "此处不能写"),
        ("{}", "expression-syntax", "{", "cannot stand here", "此处不能写"),
        (
            "0.00000000000000000000000000001",
            "expression-syntax",
            "0.00000000000000000000000000001",
            "too many digits",
            "位数过多",
        ),
    ]);
    assert_eq!(faults("‘a’ ＝ “b”", &Type::Any).len(), 5);
}

#[test]
fn an_unknown_name_brings_the_nearest_and_all_there_is() {
    check(
        &[
            (
                "item.lead_unti == null",
                "unknown-fact",
                "lead_unti",
                "did you mean `item.lead_unit`?",
                "是不是 `item.lead_unit`？",
            ),
            ("itme.due == null", "unknown-fact", "itme", "did you mean `item`?", "没有 `itme`"),
            ("item.budgets.x > 1", "unknown-fact", "budgets", "`due`", "可用的有"),
            ("item.due.day == 1", "unknown-fact", "day", "`item.due` is a date and has no parts", "没有下级字段"),
            ("(item.deu) == today", "unknown-fact", "deu", "did you mean `item.due`?", "`item.due`"),
            (
                "forms.section - review == null",
                "unknown-fact",
                "section",
                "forms.`section-review`",
                "forms.`section-review`",
            ),
            (
                "item.co_units.overlap([item.lead_unit])",
                "unknown-function",
                "overlap",
                "did you mean `overlaps`?",
                "没有 `overlap` 这个函数",
            ),
            ("minimum(1, 2)", "unknown-function", "minimum", "`min`", "可用的函数有"),
        ]
        .map(|case| {
            if case.0.contains(" - review") { ("forms.section == null", case.1, case.2, case.3, case.4) } else { case }
        }),
    );
}

#[test]
fn a_wrong_type_is_underlined_exactly() {
    check(&[
        (
            "item.urgent && item.title",
            "expression-type",
            "item.title",
            "true or false is needed here, this is text",
            "需要是非值",
        ),
        ("!item.due", "expression-type", "item.due", "true or false", "是非值"),
        ("item.title ? 1 : 2", "expression-type", "item.title", "true or false", "是非值"),
        ("item.urgent ? 1 : 'a'", "expression-type", "'a'", "a number is needed here, this is text", "需要数"),
        (
            "item.due == '2026-12-31'",
            "expression-type",
            "'2026-12-31'",
            "write the date as `date('2026-12-31')`",
            "date('2026-12-31')",
        ),
        (
            "'2026-12-31' <= item.due",
            "expression-type",
            "'2026-12-31'",
            "cannot compare text with a date",
            "不能比较文本与日期",
        ),
        ("item.due < now", "expression-type", "now", "a date is not a point in time", "日期与时刻不同"),
        ("now >= today", "expression-type", "today", "compare dates with `today`", "`today`"),
        ("item.lead_unit == '教委'", "expression-type", "'教委'", "not written by name", "不能用名称写明"),
        ("item.lead_unit < item.lead_unit", "expression-type", "item.lead_unit", "needs an order", "没有大小之分"),
        ("item.due > null", "expression-type", "null", "write `== null`", "`== null`"),
        ("item.budget == '12'", "expression-type", "'12'", "without quotes: `12`", "数不加引号"),
        ("item == null && item == item", "expression-type", "item", "name one of its fields", "不能整体比较"),
        (
            "item.co_units == item.lead_unit",
            "expression-type",
            "item.lead_unit",
            "write `element in list`",
            "元素 in 列表",
        ),
        (
            "item.lead_unit in item.lead_unit",
            "expression-type",
            "item.lead_unit",
            "a list of values is needed",
            "需要值的列表",
        ),
        ("item.co_units in item.co_units", "expression-type", "item.co_units", "a.overlaps(b)", "a.overlaps(b)"),
        ("'a' in item.title", "expression-type", "item.title", "text.contains(part)", "contains"),
        ("'教委' in item.co_units", "expression-type", "'教委'", "a unit is needed here", "需要单位"),
        ("item.due + 3", "expression-type", "3", "write days as `duration('P3D')`", "duration('P3D')"),
        ("item.due + duration('PT5H')", "expression-type", "duration('PT5H')", "moves by whole days", "只能加减整天"),
        ("item.title + 1", "expression-type", "1", "string(…)", "string(…)"),
        ("item.co_units + item.lead_unit", "expression-type", "item.lead_unit", "write `[value]`", "`[值]`"),
        ("item.due * 2", "expression-type", "item.due", "`*` cannot take a date and a number", "不能用于日期与数"),
        ("-item.urgent", "expression-type", "item.urgent", "write `!`", "请写 `!`"),
        ("[1, 'a']", "expression-type", "'a'", "a number is needed", "需要数"),
    ]);
}

#[test]
fn calls_are_checked_against_their_signature() {
    check(&[
        (
            "overlaps(item.co_units)",
            "expression-arguments",
            "overlaps(item.co_units)",
            "takes 2 argument(s), found 1",
            "需要 2 个参数",
        ),
        ("min(1)", "expression-arguments", "min(1)", "takes 2+", "需要 2+ 个参数"),
        (
            "item.lead_unit.overlaps(item.co_units)",
            "expression-type",
            "item.lead_unit",
            "argument 1 of `overlaps` must be a list, this is a unit",
            "应是列表",
        ),
        (
            "item.co_units.overlaps(item.leader)",
            "expression-type",
            "item.leader",
            "must be of one type",
            "类型应当相同",
        ),
        ("min(today, 1)", "expression-type", "1", "of one type", "类型应当相同"),
        (
            "max(item.lead_unit, item.lead_unit)",
            "expression-type",
            "item.lead_unit",
            "must be an ordered value",
            "可比较大小",
        ),
        ("duration(item.title)", "expression-type", "item.title", "must be text in quotes", "引号中的文本"),
        ("duration('3 days')", "expression-arguments", "'3 days'", "is not a duration", "不是时长"),
        ("duration('P1M')", "expression-arguments", "'P1M'", "months or years", "月或年"),
        ("date('2026.6.30')", "expression-arguments", "'2026.6.30'", "is not a date", "不是日期"),
        ("date('2027-02-29')", "expression-arguments", "'2027-02-29'", "there is no day", "没有 `2027-02-29` 这一天"),
        ("time('noon')", "expression-arguments", "'noon'", "is not a point in time", "不是时刻"),
        ("cycle(7)", "expression-type", "7", "it is called as `cycle(entry: text)`", "用法：`cycle(entry: 文本)`"),
        ("contains(7, 7)", "expression-type", "7", "must be a list or text", "列表或文本"),
    ]);
}

#[test]
fn the_result_must_be_what_is_needed() {
    for (source, expected, part) in [
        ("item.due", Type::Bool, "true or false is needed here, this is a date"),
        ("item.lead_unit", Type::list(Type::Unit), "a list of units is needed here, this is a unit"),
        ("[item.title]", Type::list(Type::Unit), "a list of units is needed here, this is a list of texts"),
    ] {
        let found = faults(source, &expected);
        assert_eq!((found.len(), found[0].span.clone()), (1, 0..source.len()), "{source}");
        assert!(found[0].message.en.contains(part), "{}", found[0].message.en);
    }
}

#[test]
fn all_faults_come_at_once_in_their_order() {
    let source = "item.deu < today && item.title > 5 || '教委' in item.co_units";
    let found = faults(source, &Type::Date);
    let underlined: Vec<&str> = found.iter().map(|fault| &source[fault.span.clone()]).collect();
    assert_eq!(underlined, [source, "deu", "5", "'教委'"]);
}

#[test]
fn length_and_depth_are_bounded() {
    let long = format!("'{}'", "长".repeat(MAX_LENGTH / 3 + 1));
    assert_eq!(faults(&long, &Type::Any)[0].code, "expression-too-long");
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    compiled(&nested(MAX_DEPTH));
    for deep in [
        nested(MAX_DEPTH + 1),
        "!".repeat(MAX_DEPTH + 1) + "true",
        "-".repeat(MAX_DEPTH + 1) + "1",
        format!("{}1", "[".repeat(900)),
        vec!["1"; MAX_DEPTH + 1].join(" + "),
        "has(".repeat(MAX_DEPTH + 1) + "1" + &")".repeat(MAX_DEPTH + 1),
        "true ? ".repeat(MAX_DEPTH + 1),
        format!("'a'{}", ".lower()".repeat(MAX_DEPTH + 1)),
    ] {
        let found = faults(&deep, &Type::Any);
        assert_eq!(found[0].code, "expression-too-deep", "{deep}");
    }
}
