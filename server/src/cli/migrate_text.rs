//! What `docket migrate` says: lines for people, and for scripts one JSON document on each line.

use docket_engine::{
    definition::registry::Bound,
    id::Id,
    migrate::{Foreseen, Place},
    rejection::Rejection,
    text::{Language, Name, Text},
};
use serde_json::{Value as Json, json};

use crate::app::migrations::{Outcome, Route, Row, said};

/// How many digits of a version are shown.
const DIGITS: usize = 12;

/// How many came out how.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Moved, confirmed, taken back; with a dry run, that could be moved.
    pub(super) done: usize,
    /// That stay as they are.
    pub(super) left: usize,
    /// With a dry run, those of the movable that could not be taken back.
    pub(super) final_at_once: usize,
}

fn short(version: &Name) -> &str {
    version.get(..DIGITS).unwrap_or(version)
}

fn titled(bound: &Bound, node: &Name, language: Language) -> String {
    bound.workflow.nodes.get(node).map_or_else(|| node.to_string(), |node| node.title.get(language).to_owned())
}

/// One JSON document on a line.
pub(super) fn line(json: &Json) -> String {
    format!("{json}\n")
}

/// Where it leads, and what differs.
pub(super) fn header(route: &Route, json: bool, language: Language) -> String {
    let (name, version) = (&route.to.workflow.name, &route.to.workflow.version);
    let notes = || route.plans.values().flat_map(|(_, plan)| plan.notes.iter().map(move |note| (plan, note)));
    if json {
        let notes = notes().map(
            |(plan, note)| json!({"from": plan.from, "node": note.node, "note": said::difference(note).get(language)}),
        );
        return line(&json!({"workflow": name, "to": version, "notes": notes.collect::<Vec<_>>()}));
    }
    let mut lines = vec![match language {
        Language::Zh => format!("流程 {name} → 版本 {}", short(version)),
        Language::En => format!("workflow {name} → version {}", short(version)),
    }];
    lines.extend(notes().map(|(plan, note)| {
        format!("  {} {}: {}", short(&plan.from), note.node, said::difference(note).get(language))
    }));
    lines.push(String::new());
    lines.join("\n")
}

/// What would become of an instance.
pub(super) fn row(route: &Route, row: &Row, json: bool, language: Language) -> String {
    if json {
        return line(&row_json(row, language));
    }
    let mut lines = vec![format!("{}  {}", row.item.id, row.title.as_deref().unwrap_or_default())];
    match &row.fate {
        Ok(foreseen) => {
            lines.extend(foreseen.shown.places.iter().map(|place| of_place(route, row, place, language)));
            lines.extend(of_foreseen(route, foreseen, language));
        }
        Err(rejection) => lines.extend(reasons(Some(&row.from), rejection, language)),
    }
    lines.push(String::new());
    lines.join("\n")
}

fn row_json(row: &Row, language: Language) -> Json {
    let (instance, item, from) = (row.instance.to_string(), row.item.id.to_string(), &row.from.workflow.version);
    match &row.fate {
        Ok(foreseen) => {
            let places = foreseen.shown.places.iter().map(
                |place| json!({"token": place.token, "from": place.from, "to": place.to, "members": place.members}),
            );
            let unfilled = foreseen.shown.unfilled.iter().map(|(node, field)| json!({"node": node, "field": field}));
            json!({
                "instance": instance, "item": item, "title": row.title, "from": from, "state": "movable",
                "places": places.collect::<Vec<_>>(), "unfilled": unfilled.collect::<Vec<_>>(),
                "opens": foreseen.opens, "closes": foreseen.closes, "cancels": foreseen.cancels.iter().map(Id::to_string).collect::<Vec<_>>(),
                "ends": foreseen.ends, "reversible": foreseen.reversible,
            })
        }
        Err(rejection) => left_json((row.instance, row.item.id), row.title.as_deref(), rejection, language),
    }
}

fn left_json((instance, item): (Id, Id), title: Option<&str>, rejection: &Rejection, language: Language) -> Json {
    let (state, stranded) = match rejection {
        Rejection::Strands { stranded } => ("stranded", json!(stranded)),
        _ => ("refused", Json::Null),
    };
    json!({
        "instance": instance.to_string(), "item": item.to_string(), "title": title, "state": state,
        "stranded": stranded, "refused": why_refused(rejection).get(language),
    })
}

fn of_place(route: &Route, row: &Row, place: &Place, language: Language) -> String {
    let (from, to) = (titled(&row.from, &place.from, language), titled(&route.to, &place.to, language));
    let stays = from == to && place.from == place.to;
    let way = if stays { from } else { format!("{from} → {to}") };
    match (place.members, language) {
        (0, _) => format!("    {way}"),
        (members, Language::Zh) => format!("    {way}（{members} 人）"),
        (members, Language::En) => format!("    {way} ({members} members)"),
    }
}

fn of_foreseen(route: &Route, foreseen: &Foreseen, language: Language) -> Vec<String> {
    let names = |nodes: &[Name]| {
        let all: Vec<String> = nodes.iter().map(|node| titled(&route.to, node, language)).collect();
        all.join(", ")
    };
    let mut texts: Vec<Text> = Vec::new();
    for (node, field) in &foreseen.shown.unfilled {
        let node = titled(&route.to, node, language);
        texts.push(Text::new(
            format!("注意：新版本会读“{node}”的 `{field}`，而它可能还没有填"),
            format!("note: the new version reads `{field}` of “{node}”, which may not be filled in"),
        ));
    }
    if !foreseen.closes.is_empty() {
        let names = names(&foreseen.closes);
        texts.push(Text::new(format!("关闭任务：{names}"), format!("tasks close: {names}")));
    }
    if !foreseen.opens.is_empty() {
        let names = names(&foreseen.opens);
        texts.push(Text::new(format!("打开任务：{names}"), format!("tasks open: {names}")));
    }
    if !foreseen.cancels.is_empty() {
        let count = foreseen.cancels.len();
        texts.push(Text::new(format!("取消 {count} 个子流程"), format!("{count} children are cancelled")));
    }
    if foreseen.ends {
        texts.push(Text::new("流程就此结束", "the instance ends"));
    }
    if !foreseen.reversible {
        texts.push(Text::new("迁移后不能撤销", "it can not be taken back"));
    }
    texts.iter().map(|text| format!("    {}", text.get(language))).collect()
}

fn reasons(from: Option<&Bound>, rejection: &Rejection, language: Language) -> Vec<String> {
    let cannot = Text::new("不能迁移", "can not be moved");
    let cannot = cannot.get(language);
    match rejection {
        Rejection::Strands { stranded } => {
            let one = |found: &docket_engine::migrate::Stranded| {
                let node = from.map_or_else(|| found.node.to_string(), |from| titled(from, &found.node, language));
                let text = said::in_place(&node, &node, &said::why(found));
                format!("    {cannot}: {}", text.get(language))
            };
            stranded.iter().map(one).collect()
        }
        other => vec![format!("    {}", why_refused(other).get(language))],
    }
}

/// What came of the command on an instance; for people only where it stays as it is.
pub(super) fn outcome(route: Option<&Route>, done: &Outcome, word: &str, json: bool, language: Language) -> String {
    let ids = (done.instance, done.item);
    match (&done.refused, json) {
        (None, false) => String::new(),
        (None, true) => line(&json!({"instance": ids.0.to_string(), "item": ids.1.to_string(), "state": word})),
        (Some(rejection), true) => line(&left_json(ids, None, rejection, language)),
        (Some(rejection), false) => {
            let from = done.from.as_deref().and_then(|from| route?.plans.get(from)).map(|(bound, _)| bound.as_ref());
            let mut lines = vec![done.item.to_string()];
            lines.extend(reasons(from, rejection, language));
            lines.push(String::new());
            lines.join("\n")
        }
    }
}

/// The last line of a dry run, or of moving.
pub(super) fn moved(name: &Name, counts: Counts, dry_run: bool, json: bool, language: Language) -> String {
    let Counts { done, left, final_at_once } = counts;
    if json {
        let key = if dry_run { "movable" } else { "moved" };
        return line(&json!({key: done, "left": left}));
    }
    let text = if dry_run {
        Text::new(
            format!("可以迁移 {done} 个实例（其中 {final_at_once} 个迁移后不能撤销），{left} 个不能\n"),
            format!("{done} instances can be moved ({final_at_once} of them for good), {left} can not\n"),
        )
    } else {
        Text::new(
            format!("已迁移 {done} 个实例，{left} 个不能。`docket migrate {name} --back` 撤销，`--confirm` 确认\n"),
            format!(
                "{done} instances moved, {left} can not be. `docket migrate {name} --back` takes them back, `--confirm` confirms them\n"
            ),
        )
    };
    text.get(language).to_owned()
}

/// The last line of confirming or taking back.
pub(super) fn settled(counts: Counts, back: bool, json: bool, language: Language) -> String {
    let Counts { done, left, .. } = counts;
    if json {
        let key = if back { "back" } else { "confirmed" };
        return line(&json!({key: done, "left": left}));
    }
    let text = if back {
        Text::new(
            format!("已撤销 {done} 个实例的迁移\n"),
            format!("{done} instances are on their earlier version again\n"),
        )
    } else {
        Text::new(format!("已确认 {done} 个实例的迁移\n"), format!("{done} migrations confirmed\n"))
    };
    text.get(language).to_owned()
}

/// How far it has come.
pub(super) fn progress(handled: u64, total: u64, language: Language) -> String {
    let text = Text::new(format!("已处理 {handled} / {total}\n"), format!("{handled} of {total}\n"));
    text.get(language).to_owned()
}

/// Some were left where they are.
pub(super) fn left(count: usize) -> Text {
    Text::new(
        format!("{count} 个实例留在原来的版本上；原因见上"),
        format!("{count} instances stay as they are; the reasons are listed"),
    )
}

fn why_refused(rejection: &Rejection) -> Text {
    said::refused(rejection).unwrap_or_else(|| Text::same(format!("{rejection:?}")))
}
