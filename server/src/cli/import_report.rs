//! The report of an import for people: one line for each row, its notes below it, a sum at the end.

use docket_engine::text::Language;

use crate::{
    app::imports::Committed,
    import::{
        note::Severity,
        report::{Report, Row, Verdict},
    },
};

/// The whole report.
#[must_use]
pub(super) fn text(report: &Report, committed: Option<&Committed>, language: Language) -> String {
    let mut lines = vec![head(report, language)];
    for row in &report.rows {
        lines.push(row_line(row, language));
        lines.extend(row.cells().map(|note| {
            let mark = match note.severity {
                Severity::Error => "✗",
                Severity::Question => "?",
                Severity::Warning => "!",
            };
            format!("        {mark} {}: {} [{}]", note.column, note.message.get(language), note.code)
        }));
    }
    lines.push(sum(report, language));
    if let Some(committed) = committed {
        lines.push(match language {
            Language::Zh => format!("已导入：新增 {} 项，变更 {} 项", committed.created, committed.changed),
            Language::En => format!("imported: {} new, {} changed", committed.created, committed.changed),
        });
    }
    lines.push(String::new());
    lines.join("\n")
}

fn head(report: &Report, language: Language) -> String {
    let rows = report.header_rows.iter().map(u32::to_string).collect::<Vec<_>>().join("–");
    let head = match language {
        Language::Zh => format!("工作表“{}”，表头第 {rows} 行", report.sheet),
        Language::En => format!("sheet “{}”, header in row {rows}", report.sheet),
    };
    let unread = report.unread_sheets.join("、");
    match language {
        _ if unread.is_empty() => head,
        Language::Zh => format!("{head}；未读取同样的工作表：{unread}"),
        Language::En => format!("{head}; sheets of the same kind that were not read: {unread}"),
    }
}

fn row_line(row: &Row, language: Language) -> String {
    let title = row.draft.title.as_deref().unwrap_or("—");
    let light = row.light.as_deref().map_or("", |light| light_word(light, language));
    let hidden = match (row.draft.hidden, language) {
        (false, _) => "",
        (true, Language::Zh) => "（隐藏行）",
        (true, Language::En) => " (hidden row)",
    };
    let verdict = word(row.verdict, language);
    match language {
        Language::Zh => format!("{:>5}  {verdict}  {light}  {title}{hidden}", row.draft.row),
        Language::En => format!("{:>5}  {verdict:<9}  {light:<6}  {title}{hidden}", row.draft.row),
    }
}

fn sum(report: &Report, language: Language) -> String {
    let counts: Vec<String> =
        Verdict::ALL.iter().map(|verdict| format!("{} {}", word(*verdict, language), report.count(*verdict))).collect();
    let skipped = report.skipped.iter().map(u32::to_string).collect::<Vec<_>>();
    match language {
        Language::Zh => format!("合计：{}；跳过第 {} 行", counts.join("，"), skipped.join("、")),
        Language::En => format!("in all: {}; skipped rows {}", counts.join(", "), skipped.join(", ")),
    }
}

const fn word(verdict: Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::New, Language::Zh) => "新增",
        (Verdict::Changed, Language::Zh) => "变更",
        (Verdict::Unchanged, Language::Zh) => "不变",
        (Verdict::Duplicate, Language::Zh) => "重复",
        (Verdict::Refused, Language::Zh) => "不通过",
        (Verdict::LeftOut, Language::Zh) => "未选分类",
        (verdict, Language::En) => verdict.name(),
    }
}

fn light_word(light: &str, language: Language) -> &'static str {
    match (light, language) {
        ("green", Language::Zh) => "绿",
        ("yellow", Language::Zh) => "黄",
        ("red", Language::Zh) => "红",
        ("blue", Language::Zh) => "蓝",
        ("grey", Language::Zh) => "灰",
        ("green", Language::En) => "green",
        ("yellow", Language::En) => "yellow",
        ("red", Language::En) => "red",
        ("blue", Language::En) => "blue",
        ("grey", Language::En) => "grey",
        _ => "",
    }
}
