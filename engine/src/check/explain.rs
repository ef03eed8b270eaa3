//! What `docket explain` and the reference say of a rule beside its reason: a title, and the smallest example, wrong and right.

use super::{RULES, Rule, suggest};
use crate::text::Language;

/// The examples of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    title: (&'static str, &'static str),
    /// Where the examples stand.
    pub frame: Frame,
    /// The smallest that the rule refuses.
    pub wrong: &'static str,
    /// The same put right.
    pub right: &'static str,
}

/// What an example is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Nothing: it is a file.
    Document,
    /// The nodes of a workflow.
    Nodes,
    /// The keys of a task.
    Task,
    /// The offers of a stage.
    Stage,
    /// An expression.
    Condition,
    /// The fields of a form.
    Field,
    /// The keys of a module.
    Module,
    /// The keys of a kind of item.
    Kind,
    /// A rule of a policy.
    PolicyRule,
}

impl Frame {
    /// Where the example stands, in words.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Document, Language::Zh) => "文件",
            (Self::Document, Language::En) => "a file",
            (Self::Nodes, Language::Zh) => "流程的节点（nodes）",
            (Self::Nodes, Language::En) => "the nodes of a workflow",
            (Self::Task, Language::Zh) => "人工任务的键",
            (Self::Task, Language::En) => "the keys of a task",
            (Self::Stage, Language::Zh) => "阶段的操作（offers）",
            (Self::Stage, Language::En) => "the offers of a stage",
            (Self::Condition, Language::Zh) => "条件",
            (Self::Condition, Language::En) => "a condition",
            (Self::Field, Language::Zh) => "表单的字段（properties）",
            (Self::Field, Language::En) => "the fields of a form",
            (Self::Module, Language::Zh) => "模块的键",
            (Self::Module, Language::En) => "the keys of a module",
            (Self::Kind, Language::Zh) => "事项种类的键",
            (Self::Kind, Language::En) => "the keys of a kind",
            (Self::PolicyRule, Language::Zh) => "一条权限规则（rules）",
            (Self::PolicyRule, Language::En) => "a rule of a policy",
        }
    }
}

impl Explanation {
    /// What the fault is, in a few words.
    #[must_use]
    pub const fn title(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.title.0,
            Language::En => self.title.1,
        }
    }
}

impl Rule {
    /// With a title and examples.
    pub(crate) const fn explained(
        self,
        title_zh: &'static str,
        title_en: &'static str,
        frame: Frame,
        wrong: &'static str,
        right: &'static str,
    ) -> Self {
        Self { explanation: Some(Explanation { title: (title_zh, title_en), frame, wrong, right }), ..self }
    }

    /// Title, reason and examples, as text for people.
    #[must_use]
    pub fn page(&self, language: Language) -> String {
        let severity = self.severity.word(language);
        let Some(explanation) = &self.explanation else {
            return format!("{} ({severity})\n\n{}\n", self.code, self.about(language));
        };
        let (place, wrong, right) = match language {
            Language::Zh => ("示例位置", "错误", "正确"),
            Language::En => ("example in", "wrong", "right"),
        };
        format!(
            "{severity}[{}]: {}\n\n{}\n\n{place}: {}\n\n{wrong}:\n{}\n\n{right}:\n{}\n",
            self.code,
            explanation.title(language),
            self.about(language),
            explanation.frame.words(language),
            indented(explanation.wrong),
            indented(explanation.right),
        )
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// All rules in the order of their codes.
#[must_use]
pub fn sorted() -> Vec<&'static Rule> {
    let mut rules = RULES.to_vec();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rule with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// The code that a mistyped one probably means.
#[must_use]
pub fn nearest(code: &str) -> Option<&'static str> {
    let known: Vec<&'static str> = RULES.iter().map(|rule| rule.code).collect();
    suggest::nearest(code, &known)
}
