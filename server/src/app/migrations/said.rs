//! What people are told about migrations, in both languages.

use docket_engine::{
    migrate::{Difference, Note, Stranded, Unfit, Why},
    rejection::Rejection,
    text::{Language, Text},
};

/// Why a command of a migration was refused; none for what is no matter of migrations.
#[must_use]
pub fn refused(rejection: &Rejection) -> Option<Text> {
    Some(match rejection {
        Rejection::NoWayBack => Text::new(
            "没有可以撤销或确认的迁移：没有迁移过、已经确认，或者之后又有人办理或修改过；需要时可以再迁移回原来的版本",
            "there is no migration to take back or confirm: it was not migrated, it is confirmed, or something has happened since; \
             if need be, migrate it back to the earlier version",
        ),
        Rejection::Strands { stranded } => joined(stranded, |found| in_place(&found.node, &found.node, &why(found))),
        Rejection::NoPlan { faults } => joined(faults, unfit),
        Rejection::NotFound => Text::new("实例已经结束", "the instance has ended meanwhile"),
        Rejection::Evaluation { node, message, .. } => Text::new(
            format!("新版本在“{node}”的表达式算不出来：{message}"),
            format!("an expression of the new version fails at “{node}”: {message}"),
        ),
        Rejection::RanAway { .. } => Text::new("新版本在这里绕圈", "the new version runs in circles from here"),
        Rejection::Full => Text::new("这件事项下的内容太多", "there is too much below this item"),
        _ => return None,
    })
}

/// A sentence about a node.
#[must_use]
pub fn in_place(zh: &str, en: &str, text: &Text) -> Text {
    Text::new(format!("在“{zh}”：{}", text.zh), format!("at “{en}”: {}", text.en))
}

fn joined<T>(all: &[T], one: impl Fn(&T) -> Text) -> Text {
    let all: Vec<Text> = all.iter().map(one).collect();
    let told = |language| all.iter().map(|text| text.get(language).to_owned()).collect::<Vec<_>>();
    Text::new(told(Language::Zh).join("；"), told(Language::En).join("; "))
}

/// Why a token is stranded, and what to do.
#[must_use]
pub fn why(stranded: &Stranded) -> Text {
    let node = &stranded.node;
    match &stranded.why {
        Why::Gone => Text::new(
            format!("新版本没有这一步；请用映射 `{node}=新节点` 指明由哪一步代替"),
            format!("the new version has no such step; say by a mapping `{node}=NEW` which takes its place"),
        ),
        Why::OtherKind => Text::new(
            format!("新版本的这一步是另一种；请用映射 `{node}=新节点` 指明由哪一步代替"),
            format!(
                "the new version has another kind of step there; say by a mapping `{node}=NEW` which takes its place"
            ),
        ),
        Why::Elsewhere => Text::new(
            "在新版本中它位于另外的并行分支里，或不在分支里",
            "in the new version it lies in other branches than before, or in none",
        ),
        Why::BranchGone { first } => Text::new(
            format!("以“{first}”开始的分支没有了；请用映射 `{first}=新节点` 指明新分支的第一步"),
            format!(
                "the branch that begins with “{first}” is gone; say by a mapping `{first}=NEW` with what it begins now"
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
        Why::NoWayOn { result, caller } => Text::new(
            format!("新版本可能以“{result}”结束，而等待它的流程 {caller} 没有规定这时怎么走：请先迁移那个流程"),
            format!(
                "the new version can end with “{result}”, for which {caller}, which waits for it, has no way on: migrate that first"
            ),
        ),
        Why::ChildLost { child } => Text::new(
            format!("子流程 {child} 正在运行，新版本的这一步接不住它"),
            format!("its child {child} is running, and the new version's step can not take it over"),
        ),
    }
}

/// What is wrong with a mapping.
#[must_use]
pub fn unfit(fault: &Unfit) -> Text {
    match fault {
        Unfit::SameVersion => Text::new("已经是这个版本", "it is on this version already"),
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

/// What differs at a node.
#[must_use]
pub fn difference(note: &Note) -> Text {
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
