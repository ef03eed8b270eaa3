//! Tasks: a person's, and those that the platform or another system does.

use super::{
    draft::UNKNOWN,
    event::{one_line, title},
    names::{Names, slug},
    scope::{Mapper, shown},
};
use crate::{
    model::{Flow, FlowNode, Repeat, Work, child_text, children},
    report::Fate,
    yaml::{Entry, Yaml},
};

impl<'a> Mapper<'a, '_> {
    /// A person's task.
    pub(crate) fn person(&mut self, node: &'a FlowNode<'a>, name: &str) {
        let mut comment = self.comments(node.node, node.id);
        let mut definition = vec![Entry::new("task", one_line(node.name.unwrap_or(name)))];
        let who = self.assign(node);
        let group = matches!(node.repeat, Some(Repeat::Each(_)));
        if group {
            definition.push(Entry::new("each", self.group(node, who)));
        } else {
            definition.push(Entry::new("assign", who));
        }
        let outcomes = self.outcomes(node, name, group, &mut comment);
        let outcomes = self.again(node, name, outcomes);
        definition.push(Entry::new("outcomes", outcomes));
        let on = self.border(node, false);
        if !on.is_empty() {
            definition.push(Entry::new("on", on));
        }
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（人工任务）"), format!("node `{name}` (a task)"));
        self.draft.add(node.node, name, definition, comment);
    }

    /// A group in place of a single assignment.
    fn group(&mut self, node: &FlowNode<'a>, who: Yaml) -> Yaml {
        let Yaml::Map(mut each) = who else { return who };
        let Some(Repeat::Each(repeat)) = node.repeat else { return Yaml::Map(each) };
        self.import.ledger.part(repeat);
        if repeat.attribute("isSequential") == Some("true") {
            each.push(Entry::new("order", "one-by-one"));
        }
        self.list(node, repeat);
        Yaml::Map(each)
    }

    /// What a multi-instance activity says of its list: named, because our list is people, units or an expression.
    pub(crate) fn list(&mut self, node: &FlowNode<'a>, repeat: crate::xml::Node<'a>) {
        let mut said = Vec::new();
        for name in ["loopCardinality", "completionCondition"] {
            if let Some(text) = child_text(repeat, name) {
                said.push(format!("{name} `{}`", one_line(text)));
            }
            for child in children(repeat, name) {
                self.import.ledger.parts(child);
            }
        }
        for name in
            ["loopDataInputRef", "inputDataItem", "loopDataOutputRef", "outputDataItem", "complexBehaviorDefinition"]
        {
            for child in children(repeat, name) {
                said.push(name.to_owned());
                self.import.ledger.parts(child);
            }
        }
        if !said.is_empty() {
            let list = said.join(", ");
            self.say(
                node.node,
                Fate::Assumed,
                format!("多实例的 {list} 没有转换：成员由 `each` 决定，何时结束由结果的 `when` 决定"),
                format!("{list} of the multi-instance not carried over: `each` says who, `when` of the outcomes when it ends"),
            );
        }
    }

    /// The outcomes of a task: its way out, or those of the exclusive gateway behind it.
    fn outcomes(&mut self, node: &'a FlowNode<'a>, name: &str, group: bool, comment: &mut Vec<String>) -> Vec<Entry> {
        let flows = self.scope.out(node.id);
        let mut names = Names::default();
        let rule = group.then(|| Entry::new("when", "all"));
        let [only] = flows.as_slice() else {
            let to = self.after(node, name);
            return vec![outcome(&mut names, None, to, rule)];
        };
        let gateway = self.scope.node(only.to);
        let decided = gateway.filter(|gateway| {
            self.decided(gateway).is_some_and(|task| task.id == node.id) && self.scope.out(gateway.id).len() > 1
        });
        let Some(gateway) = decided.filter(|gateway| gateway.node.has_tag_name((crate::xml::BPMN, "exclusiveGateway")))
        else {
            let to = self.after(node, name);
            return vec![outcome(&mut names, only.name, to, rule)];
        };
        self.import.ledger.part(only.node);
        comment.extend(self.comments(gateway.node, gateway.id));
        let mut found = Vec::new();
        for flow in self.scope.out(gateway.id) {
            let to = self.to(&flow);
            let label = flow.name.map_or_else(|| self.label(&flow, &to), one_line);
            self.undecided(&flow, &label);
            found.push(outcome(&mut names, Some(&label), to, None));
        }
        for part in ["incoming", "outgoing"] {
            for child in children(gateway.node, part) {
                self.import.ledger.part(child);
            }
        }
        self.say(
            gateway.node,
            Fate::Mapped,
            format!("成为任务 `{name}` 的结果"),
            format!("its ways are the outcomes of the task `{name}`"),
        );
        found
    }

    /// A word for a way without a name: what it leads to.
    fn label(&self, flow: &Flow<'a>, to: &Yaml) -> String {
        let next = self.scope.node(flow.to).and_then(|next| next.name).map(one_line);
        next.unwrap_or_else(|| shown(to).trim_matches('`').to_owned())
    }

    /// A condition that a person's choice takes the place of.
    fn undecided(&mut self, flow: &Flow<'a>, label: &str) {
        for condition in children(flow.node, "conditionExpression") {
            self.import.ledger.part(condition);
        }
        if let Some(text) = flow.condition {
            let text = one_line(text);
            self.say(
                flow.node,
                Fate::Assumed,
                format!("条件 `{text}` 由人选择结果“{label}”代替；要自动判断请改用 `choose`"),
                format!("the condition `{text}` is a person's choice of the outcome \"{label}\"; to decide it by itself use `choose`"),
            );
        }
    }

    /// A standard loop: behind the task a choice leads back while its condition holds.
    fn again(&mut self, node: &'a FlowNode<'a>, name: &str, mut outcomes: Vec<Entry>) -> Vec<Entry> {
        let Some(next) = outcomes.first_mut() else { return outcomes };
        if !matches!(node.repeat, Some(Repeat::Loop(_))) {
            return outcomes;
        }
        let target = match &next.value {
            Yaml::Map(entries) if entries.iter().any(|entry| entry.key == "to") => next.value.get_mut("to"),
            _ => Some(&mut next.value),
        };
        if let Some(target) = target {
            let behind = target.clone();
            *target = self.loop_back(node, name, behind);
        }
        outcomes
    }

    /// The choice behind a loop; gives its name as a target.
    pub(crate) fn loop_back(&mut self, node: &'a FlowNode<'a>, name: &str, behind: Yaml) -> Yaml {
        let Some(Repeat::Loop(repeat)) = node.repeat else { return behind };
        self.import.ledger.part(repeat);
        let condition = child_text(repeat, "loopCondition");
        for child in children(repeat, "loopCondition") {
            self.import.ledger.part(child);
        }
        let when = if let Some(text) = condition {
            if docket_engine::expr::compile(text, &super::gateway::facts(), &docket_engine::expr::Type::Bool).is_err() {
                self.open_text(node.node, "循环条件", "the loop's condition", text);
            }
            text.to_owned()
        } else {
            self.say(
                node.node,
                Fate::Open,
                "文件没有写循环条件：请写 `when`",
                "the file gives no condition of the loop: write `when`",
            );
            UNKNOWN.to_owned()
        };
        if repeat.attribute("testBefore") == Some("true") || repeat.has_attribute("loopMaximum") {
            self.say(
                node.node,
                Fate::Assumed,
                "循环在做完后判断，不限次数",
                "the loop is judged after each time, and not limited in number",
            );
        }
        let again = self.draft.name(&format!("{name}-again"));
        let choose = vec![
            Yaml::Map(vec![Entry::new("when", when), Entry::new("to", name)]),
            Yaml::Map(vec![Entry::new("else", behind)]),
        ];
        self.draft.add(node.node, &again, vec![Entry::new("choose", choose)], Vec::new());
        Yaml::from(again)
    }

    /// Loops and lists of nodes that have none.
    pub(crate) fn unrepeated(&mut self, node: &FlowNode<'a>) {
        if let Some(Repeat::Each(repeat)) = node.repeat {
            self.import.ledger.drop_whole(
                repeat,
                "这种节点不能重复多份：请放进一个流程，用 `call` 加 `each` 调用",
                "such a node is not done several times: put it into a workflow, and `call` that with `each`",
            );
        }
    }

    /// Work of a system: an action.
    pub(crate) fn action(&mut self, node: &'a FlowNode<'a>, name: &str, work: Work) {
        let mut comment = self.comments(node.node, node.id);
        let called = slug(node.name.unwrap_or_default(), name);
        let acts = match work {
            Work::Send => self.notice(node),
            Work::Service => {
                self.say(
                    node.node,
                    Fate::Assumed,
                    format!("向名为 `{called}` 的服务发送一次请求：请在服务器设置里写它的地址，并核对路径和内容"),
                    format!("one request to the service `{called}`: give its address in the settings of the server, and check path and body"),
                );
                let path =
                    format!("/{}", called.chars().map(|c| if c.is_ascii() { c } else { '-' }).collect::<String>());
                vec![Entry::new("http", vec![Entry::new("service", called), Entry::new("path", path)])]
            }
            _ => self.rules(node, &called, &mut comment),
        };
        let mut definition = title(node, name);
        definition.push(Entry::new("action", acts));
        let next = self.after(node, name);
        let next = self.loop_back(node, name, next);
        definition.push(Entry::new("next", next));
        if work == Work::Service {
            let on = self.border(node, false);
            if !on.is_empty() {
                definition.push(Entry::new("on", on));
            }
        } else {
            self.border_of_other(node);
        }
        self.unrepeated(node);
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（动作）"), format!("node `{name}` (an action)"));
        self.draft.add(node.node, name, definition, comment);
    }

    /// A script or a table of rules: what it does has to be written as fields that are set.
    fn rules(&mut self, node: &FlowNode<'a>, word: &str, comment: &mut Vec<String>) -> Vec<Entry> {
        let script = child_text(node.node, "script");
        for child in children(node.node, "script") {
            self.import.ledger.part(child);
        }
        if let Some(script) = script {
            comment.extend(script.lines().map(|line| line.trim_end().to_owned()));
        }
        let (zh, en) = if script.is_some() {
            ("脚本不运行", "scripts are not run")
        } else {
            ("规则表没有对应", "there are no tables of rules")
        };
        self.say(
            node.node,
            Fate::Open,
            format!("{zh}：请用 `set` 写它给哪些字段什么值，或用 `choose` 写怎么选"),
            format!("{en}: write by `set` which fields it gives which values, or by `choose` how it decides"),
        );
        vec![Entry::new("set", vec![Entry::new(format!("item.{}", word.replace('-', "_")), UNKNOWN)])]
    }

    /// Events at the border of what has none: named there.
    pub(crate) fn border_of_other(&mut self, node: &'a FlowNode<'a>) {
        for border in self.scope.borders(node.id) {
            self.import.ledger.drop_whole(
                border.node,
                "平台自己做的事没有边界事件：接口失败是管理员看得见的事件",
                "what the platform does by itself has no boundary events: a request that fails is an incident that an administrator sees",
            );
        }
    }
}

/// An outcome. One without a name is `submit`.
fn outcome(names: &mut Names, label: Option<&str>, to: Yaml, rule: Option<Entry>) -> Entry {
    let Some(label) = label.map(one_line).filter(|label| !label.is_empty()) else {
        let name = names.give("submit");
        return match rule {
            None => Entry::new(name, to),
            Some(rule) => Entry::new(name, vec![rule, Entry::new("to", to)]),
        };
    };
    let name = names.give(&slug(&label, "way"));
    let mut value = vec![Entry::new("zh", label.as_str()), Entry::new("en", label.as_str())];
    value.extend(rule);
    value.push(Entry::new("to", to));
    Entry::new(name, value)
}
