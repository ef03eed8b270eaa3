//! What `docket migrate` says: lines for people, a report for scripts.

use docket_engine::{
    definition::registry::Bound,
    id::Id,
    migrate::{Difference, Note, Place, Stranded, Unfit, Why},
    rejection::Rejection,
    text::{Language, Name, Text},
};
use serde_json::{Value as Json, json};

use crate::app::migrations::{Outcome, Row, Survey};

/// How many digits of a version are shown.
const DIGITS: usize = 12;

fn short(version: &Name) -> &str {
    version.get(..DIGITS).unwrap_or(version)
}

fn titled(bound: &Bound, node: &Name, language: Language) -> String {
    bound.workflow.nodes.get(node).map_or_else(|| node.to_string(), |node| node.title.get(language).to_owned())
}

/// The report for scripts.
pub(super) fn report(survey: &Survey, done: &[Outcome], dry_run: bool, language: Language) -> Json {
    let rows = survey.rows.iter().map(|row| {
        let mut told = json!({
            "instance": row.instance.to_string(),
            "item": row.item.to_string(),
            "title": row.title,
            "from": row.from.workflow.version,
        });
        let refused =
            done.iter().find(|outcome| outcome.instance == row.instance).and_then(|found| found.refused.as_ref());
        let state = match (&row.fate, refused) {
            (Err(_), _) => "stranded",
            (Ok(_), Some(_)) => "refused",
            (Ok(_), None) if dry_run => "movable",
            (Ok(_), None) => "moved",
        };
        if let Json::Object(fields) = &mut told {
            fields.insert("state".to_owned(), state.into());
            match &row.fate {
                Ok(shown) => {
                    let places = shown.places.iter().map(|place| {
                        json!({"token": place.token, "from": place.from, "to": place.to, "members": place.members})
                    });
                    fields.insert("places".to_owned(), places.collect());
                    let unfilled = shown.unfilled.iter().map(|(node, field)| json!({"node": node, "field": field}));
                    fields.insert("unfilled".to_owned(), unfilled.collect());
                }
                Err(stranded) => {
                    fields.insert("stranded".to_owned(), json!(stranded));
                }
            }
            if let Some(refused) = refused {
                fields.insert("refused".to_owned(), json!(why_refused(refused).get(language)));
            }
        }
        told
    });
    let notes = survey.plans.iter().flat_map(|plan| {
        plan.notes
            .iter()
            .map(move |note| json!({"from": plan.from, "node": note.node, "note": difference(note).get(language)}))
    });
    json!({
        "workflow": survey.to.workflow.name,
        "to": survey.to.workflow.version,
        "notes": notes.collect::<Vec<_>>(),
        "instances": rows.collect::<Vec<_>>(),
    })
}

/// What is shown to people.
pub(super) fn lines(survey: &Survey, done: &[Outcome], dry_run: bool, language: Language) -> String {
    let (name, version) = (&survey.to.workflow.name, short(&survey.to.workflow.version));
    let mut lines = vec![match language {
        Language::Zh => format!("流程 {name} → 版本 {version}"),
        Language::En => format!("workflow {name} → version {version}"),
    }];
    for plan in &survey.plans {
        for note in &plan.notes {
            lines.push(format!("  {} {}: {}", short(&plan.from), note.node, difference(note).get(language)));
        }
    }
    for row in &survey.rows {
        lines.extend(of_row(survey, row, language));
        let refused =
            done.iter().find(|outcome| outcome.instance == row.instance).and_then(|found| found.refused.as_ref());
        lines.extend(refused.map(|refused| format!("    {}", why_refused(refused).get(language))));
    }
    let movable = survey.rows.iter().filter(|row| row.fate.is_ok()).count();
    let stranded = survey.rows.len() - movable;
    let moved = done.iter().filter(|outcome| outcome.refused.is_none()).count();
    lines.push(match (dry_run, language) {
        (true, Language::Zh) => format!("可以迁移 {movable} 个实例，{stranded} 个不能"),
        (true, Language::En) => format!("{movable} instances can be moved, {stranded} can not"),
        (false, Language::Zh) => format!(
            "已迁移 {moved} 个实例，{stranded} 个不能。`docket migrate {name} --back` 撤销，`--confirm` 确认"
        ),
        (false, Language::En) => format!(
            "{moved} instances moved, {stranded} can not be. `docket migrate {name} --back` takes them back, `--confirm` confirms them"
        ),
    });
    lines.push(String::new());
    lines.join("\n")
}

fn of_row(survey: &Survey, row: &Row, language: Language) -> Vec<String> {
    let title = row.title.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{}  {title}", row.item)];
    match &row.fate {
        Ok(shown) => {
            lines.extend(shown.places.iter().map(|place| of_place(survey, row, place, language)));
            lines.extend(shown.unfilled.iter().map(|(node, field)| {
                let node = titled(&survey.to, node, language);
                match language {
                    Language::Zh => format!("    注意：新版本会读“{node}”的 `{field}`，而它可能还没有填"),
                    Language::En => {
                        format!("    note: the new version reads `{field}` of “{node}”, which may not be filled in")
                    }
                }
            }));
        }
        Err(stranded) => {
            for found in stranded {
                let node = titled(&row.from, &found.node, language);
                let why = why(found);
                lines.push(match language {
                    Language::Zh => format!("    不能迁移：在“{node}”（{}）：{}", found.node, why.zh),
                    Language::En => format!("    can not be moved: at “{node}” ({}): {}", found.node, why.en),
                });
            }
        }
    }
    lines
}

fn of_place(survey: &Survey, row: &Row, place: &Place, language: Language) -> String {
    let (from, to) = (titled(&row.from, &place.from, language), titled(&survey.to, &place.to, language));
    let stays = from == to && place.from == place.to;
    let way = if stays { from } else { format!("{from} → {to}") };
    match (place.members, language) {
        (0, _) => format!("    {way}"),
        (members, Language::Zh) => format!("    {way}（{members} 人）"),
        (members, Language::En) => format!("    {way} ({members} members)"),
    }
}

/// What came of confirming or taking back, for people.
pub(super) fn settled(done: &[Outcome], back: bool, language: Language) -> String {
    let mut lines: Vec<String> = done
        .iter()
        .filter_map(|outcome| {
            let refused = outcome.refused.as_ref()?;
            Some(format!("{}  {}", outcome.item, why_refused(refused).get(language)))
        })
        .collect();
    let count = done.len() - lines.len();
    lines.push(match (back, language) {
        (true, Language::Zh) => format!("已撤销 {count} 个实例的迁移"),
        (true, Language::En) => format!("{count} instances are on their earlier version again"),
        (false, Language::Zh) => format!("已确认 {count} 个实例的迁移"),
        (false, Language::En) => format!("{count} migrations confirmed"),
    });
    lines.push(String::new());
    lines.join("\n")
}

/// What came of confirming or taking back, for scripts.
pub(super) fn outcomes(done: &[Outcome], word: &str, language: Language) -> Vec<Json> {
    let one = |outcome: &Outcome| {
        let (instance, item): (Id, Id) = (outcome.instance, outcome.item);
        match &outcome.refused {
            None => json!({"instance": instance.to_string(), "item": item.to_string(), "state": word}),
            Some(refused) => json!({
                "instance": instance.to_string(), "item": item.to_string(), "state": "refused",
                "refused": why_refused(refused).get(language),
            }),
        }
    };
    done.iter().map(one).collect()
}

/// Some were left where they are.
pub(super) fn left(count: usize) -> Text {
    Text::new(
        format!("{count} 个实例留在原来的版本上；原因见上"),
        format!("{count} instances stay as they are; the reasons are listed"),
    )
}

fn why_refused(rejection: &Rejection) -> Text {
    match rejection {
        Rejection::NoWayBack => Text::new(
            "迁移之后又有人办理或修改过，不能撤销：可以再迁移回原版本",
            "something has happened since the migration, so that it can not be taken back: migrate it again instead",
        ),
        Rejection::Strands { stranded } => {
            let all = |language| {
                stranded.iter().map(|found| why(found).get(language).to_owned()).collect::<Vec<_>>().join("; ")
            };
            Text::new(all(Language::Zh), all(Language::En))
        }
        Rejection::NotFound => Text::new("实例已经结束", "the instance has ended meanwhile"),
        other => Text::same(format!("{other:?}")),
    }
}

fn why(stranded: &Stranded) -> Text {
    let node = &stranded.node;
    match &stranded.why {
        Why::Gone => Text::new(
            format!("新版本没有这一步；请用 `--map {node}=新节点` 指明由哪一步代替"),
            format!("the new version has no such step; say with `--map {node}=NEW` which takes its place"),
        ),
        Why::OtherKind => Text::new(
            format!("新版本的这一步是另一种；请用 `--map {node}=新节点` 指明由哪一步代替"),
            format!(
                "the new version has another kind of step there; say with `--map {node}=NEW` which takes its place"
            ),
        ),
        Why::Elsewhere => Text::new(
            "在新版本中它位于另外的并行分支里，或不在分支里",
            "in the new version it lies in other branches than before, or in none",
        ),
        Why::BranchGone { first } => Text::new(
            format!("以“{first}”开始的分支没有了；请用 `--map {first}=新节点` 指明新分支的第一步"),
            format!(
                "the branch that begins with “{first}” is gone; say with `--map {first}=NEW` with what it begins now"
            ),
        ),
        Why::WayBackGone { node } => Text::new(
            format!("办完后要直接回到“{node}”，而新版本没有这一步"),
            format!("it is to come straight back to “{node}”, which the new version does not have"),
        ),
        Why::VoteGone { outcome } => Text::new(
            format!("已有人选择“{outcome}”，而新版本没有这个结果"),
            format!("somebody chose “{outcome}”, which the new version does not have"),
        ),
        Why::ChildLost { child } => Text::new(
            format!("子流程 {child} 正在运行，新版本的这一步接不住它"),
            format!("its child {child} is running, and the new version's step can not take it over"),
        ),
    }
}

/// What is wrong with a mapping.
pub(super) fn unfit(fault: &Unfit) -> Text {
    match fault {
        Unfit::OtherWorkflow => Text::new("两个版本属于不同的流程", "the versions are of different workflows"),
        Unfit::UnknownOld { node } => Text::new(
            format!("实例所在的版本都没有节点 `{node}`"),
            format!("no version that instances run on has a node `{node}`"),
        ),
        Unfit::UnknownNew { node } => {
            Text::new(format!("新版本没有节点 `{node}`"), format!("the version to come to has no node `{node}`"))
        }
        Unfit::Twice { node } => Text::new(
            format!("有两个旧节点都变成 `{node}`：请把其中一个映射到别处"),
            format!("two old nodes would become `{node}`: map one of them elsewhere"),
        ),
    }
}

fn difference(note: &Note) -> Text {
    match &note.what {
        Difference::OutcomeNew(name) => Text::new(format!("新增结果 {name}"), format!("outcome {name} is new")),
        Difference::OutcomeGone(name) => Text::new(format!("没有了结果 {name}"), format!("outcome {name} is gone")),
        Difference::OutcomeElsewhere(name) => {
            Text::new(format!("结果 {name} 去向不同"), format!("outcome {name} leads elsewhere"))
        }
        Difference::Form => Text::new("表单不同", "another form"),
        Difference::EventsNew(count) => Text::new(format!("新增 {count} 个事件"), format!("{count} events are new")),
        Difference::EventsGone(count) => {
            Text::new(format!("没有了 {count} 个事件"), format!("{count} events are gone"))
        }
        Difference::BranchNew(name) => Text::new(format!("新增分支 {name}"), format!("the branch {name} is new")),
        Difference::BranchGone(name) => Text::new(format!("没有了分支 {name}"), format!("the branch {name} is gone")),
    }
}
