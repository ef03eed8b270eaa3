//! The nearest name to a mistyped one.

/// How many names are compared, so that a file full of slips is still read in bounded time.
const COMPARED: usize = 400;

/// Words that people write by habit for the language's own: of other languages and products, and in Chinese.
const HABITS: [(&str, &[&str]); 22] = [
    ("due", &["deadline", "due_date", "duedate", "截止", "时限", "期限"]),
    ("assign", &["assignee", "assignees", "candidate", "handler", "办理人", "处理人", "负责人"]),
    ("outcomes", &["transitions", "actions", "buttons", "results", "结果", "按钮"]),
    ("next", &["goto", "下一步", "去向"]),
    ("title", &["label", "name", "caption", "标题", "名称"]),
    ("form", &["表单"]),
    ("post", &["position", "岗位"]),
    ("unit", &["department", "org", "单位", "部门"]),
    ("when", &["condition", "if", "条件"]),
    ("properties", &["fields", "字段"]),
    ("required", &["必填"]),
    ("readOnly", &["只读"]),
    ("string", &["text", "varchar", "str", "文字", "文本"]),
    ("integer", &["int", "long", "整数"]),
    ("number", &["float", "double", "decimal", "数字"]),
    ("boolean", &["bool", "是非"]),
    ("date", &["datetime", "timestamp", "日期"]),
    ("read", &["view", "list", "查看"]),
    ("red", &["红", "红色", "红灯"]),
    ("yellow", &["amber", "orange", "黄", "黄色", "黄灯"]),
    ("green", &["绿", "绿色", "绿灯"]),
    ("blue", &["蓝", "蓝色", "蓝灯"]),
];

/// What to write instead of an unknown word of the language, in both languages: what the habit means, else as [`help`].
pub(crate) fn help_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(String, String)> {
    let known: Vec<&str> = known.into_iter().collect();
    let lower = word.to_lowercase();
    let meant = HABITS.iter().find(|(meant, said)| known.contains(meant) && said.contains(&lower.as_str()));
    match meant {
        Some((meant, _)) => Some((format!("是不是想写 `{meant}`？"), format!("did you mean `{meant}`?"))),
        None => help(word, known),
    }
}

/// What to write instead of an unknown name, in both languages: the nearest of `known`, else what there is.
pub(crate) fn help<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(String, String)> {
    let mut known: Vec<&str> = known.into_iter().take(COMPARED).collect();
    known.sort_unstable();
    known.dedup();
    if let Some(near) = nearest(word, &known) {
        return Some((format!("是不是想写 `{near}`？"), format!("did you mean `{near}`?")));
    }
    let shown: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > shown.len() { ("等", ", …") } else { ("", "") };
    (!shown.is_empty()).then(|| {
        (
            format!("可以写的有：{}{}", shown.join("、"), more.0),
            format!("what there is: {}{}", shown.join(", "), more.1),
        )
    })
}

/// The name of `known` that `word` most probably means.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let length = word.chars().count();
    let most = (length / 3).max(1);
    known
        .iter()
        .filter(|name| name.chars().count().abs_diff(length) <= most)
        .map(|name| (distance(word, name), *name))
        .filter(|(distance, name)| *distance <= most && *distance < name.chars().count().max(length))
        .min()
        .map(|(_, name)| name)
}

/// How many characters must be typed, deleted, replaced or swapped with their neighbour to make `b` of `a`; hyphen,
/// underscore and case count as the same.
fn distance(a: &str, b: &str) -> usize {
    let fold = |text: &str| -> Vec<char> {
        text.chars().take(64).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (fold(a), fold(b));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut best = (get(&row, j) + usize::from(from != to)).min(get(&row, j + 1) + 1).min(get(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                best = best.min(get(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = row;
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["lead_unit", "title", "co_units", "审核", "科长审核"];
        assert_eq!(nearest("lead-unit", &known), Some("lead_unit"));
        assert_eq!(nearest("titel", &known), Some("title"));
        assert_eq!(nearest("科长审合", &known), Some("科长审核"));
        assert_eq!(nearest("banana", &known), None);
        assert_eq!(nearest("x", &["y"]), None, "nothing in common");
    }

    #[test]
    fn without_a_near_name_the_help_lists_what_there_is() {
        assert_eq!(help("banana", ["b", "a", "a"]).unwrap().0, "可以写的有：`a`、`b`");
        assert_eq!(help("banana", []), None);
    }
}
