//! Activities with parts: sub-processes and calls as workflows of their own, ad-hoc sub-processes as stages.

use super::{
    Called,
    event::{one_line, title},
    names::{Names, slug},
    scope::{self, DONE, Mapper},
};
use crate::{
    model::{FlowNode, Kind, Repeat, Sub, Work, child_text, children},
    report::Fate,
    yaml::{Entry, Yaml},
};

impl<'a> Mapper<'a, '_> {
    /// A sub-process in the flow: a workflow of its own, called.
    pub(crate) fn sub(&mut self, node: &'a FlowNode<'a>, name: &str, kind: Sub) {
        let Some(inner) = &node.scope else { return };
        if inner.nodes.is_empty() {
            self.empty(node, name);
            return;
        }
        let called = self.inner(node, name);
        if kind == Sub::Transaction {
            self.say(
                node.node,
                Fate::Assumed,
                "事务当作普通子流程：取消时已做的事不撤销",
                "a transaction is a plain sub-process: what was done is not undone when it is cancelled",
            );
        }
        self.called(node, name, &called);
    }

    /// The workflow of what lies in a sub-process.
    fn inner(&mut self, node: &'a FlowNode<'a>, name: &str) -> Called {
        let lane = self.scope.lanes.get(node.id).copied().or(self.lane);
        let workflow = self.import.name_below(self.name, name);
        match &node.scope {
            Some(inner) => scope::workflow(self.import, &workflow, node.node, node.name, inner, lane),
            None => Called { name: workflow, results: Vec::new() },
        }
    }

    /// A sub-process in which nothing is drawn: somebody has to write it.
    fn empty(&mut self, node: &'a FlowNode<'a>, name: &str) {
        self.say(
            node.node,
            Fate::Open,
            "子流程里没有画任何节点：请写出它调用的流程",
            "nothing is drawn in this sub-process: write the workflow that it calls",
        );
        let workflow = self.import.name_below(self.name, name);
        self.called(node, name, &Called { name: workflow, results: vec![DONE.to_owned()] });
    }

    /// A call of another process.
    pub(crate) fn call(&mut self, node: &'a FlowNode<'a>, name: &str, called: Option<&'a str>) {
        let model = self.import.model;
        let process = called.and_then(|id| model.processes.iter().find(|process| process.id == id));
        let found = process.and_then(|process| self.import.process(process));
        let found = found.unwrap_or_else(|| {
            let workflow = slug(called.filter(|_| process.is_none()).or(node.name).unwrap_or_default(), name);
            self.say(
                node.node,
                Fate::Open,
                format!("被调用的流程 `{workflow}` 不在文件里：请写出它，并核对 `then` 里的结果"),
                format!(
                    "the called workflow `{workflow}` is not in the file: write it, and check the results of `then`"
                ),
            );
            Called { name: workflow, results: vec![DONE.to_owned()] }
        });
        self.called(node, name, &found);
    }

    /// The node that calls a workflow.
    fn called(&mut self, node: &'a FlowNode<'a>, name: &str, called: &Called) {
        let comment = if node.scope.is_some() { Vec::new() } else { self.comments(node.node, node.id) };
        let mut definition = title(node, name);
        definition.push(Entry::new("call", called.name.as_str()));
        if let Some(Repeat::Each(repeat)) = node.repeat {
            self.import.ledger.part(repeat);
            self.list(node, repeat);
            let list = child_text(repeat, "loopDataInputRef").or_else(|| child_text(repeat, "loopCardinality"));
            self.say(
                node.node,
                Fate::Open,
                "每个元素调用一次：请在 `each` 里写是哪些元素",
                "called once for each element: write in `each` for which",
            );
            let mut each =
                vec![Entry::new("text", list.map_or_else(|| "?".to_owned(), |list| format!("? {}", one_line(list))))];
            if repeat.attribute("isSequential") == Some("true") {
                each.push(Entry::new("order", "one-by-one"));
            }
            definition.push(Entry::new("each", each));
        }
        let next = self.after(node, name);
        let next = self.loop_back(node, name, next);
        let group = matches!(node.repeat, Some(Repeat::Each(_)));
        let results = if called.results.is_empty() { vec![DONE.to_owned()] } else { called.results.clone() };
        let then: Vec<Entry> = results
            .iter()
            .map(|result| {
                if group {
                    Entry::new(result.as_str(), vec![Entry::new("when", "all"), Entry::new("to", next.clone())])
                } else {
                    Entry::new(result.as_str(), next.clone())
                }
            })
            .collect();
        definition.push(Entry::new("then", then));
        let mut on = self.border(node, true);
        on.extend(self.inner_events(node, name, &next));
        if !on.is_empty() {
            definition.push(Entry::new("on", on));
        }
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（调用）"), format!("node `{name}` (a call)"));
        self.draft.add(node.node, name, definition, comment);
    }

    /// Event sub-processes of a sub-process: events at the border of its call, which lead to a call of their own.
    fn inner_events(&mut self, node: &'a FlowNode<'a>, name: &str, next: &Yaml) -> Vec<Yaml> {
        let mut on = Vec::new();
        let inner =
            node.scope.iter().flat_map(|scope| &scope.nodes).filter(|inner| inner.kind == Kind::Sub(Sub::Event));
        for event in inner {
            let Some(scope) = &event.scope else { continue };
            let start = scope.nodes.iter().find(|start| matches!(start.kind, Kind::Start(_)));
            let interrupts = start.is_some_and(|start| start.kind == Kind::Start(true));
            let trigger = start.and_then(|start| start.events.first().map(|event| (start, *event)));
            let Some((start, trigger)) = trigger.filter(|_| interrupts) else {
                self.import.ledger.drop_whole(
                    event.node,
                    "不打断的事件子流程没有对应：请用阶段的 `every` 或 `offers`",
                    "there are no event sub-processes that do not interrupt: use `every` or `offers` of a stage",
                );
                continue;
            };
            let Some(mut entry) = self.trigger(&trigger, start) else {
                self.import.ledger.drop_whole(event.node, "这种事件没有对应", "there is no such event");
                continue;
            };
            let wish = format!("{name}-{}", slug(event.name.unwrap_or_default(), "event"));
            let handler = self.draft.name(&wish);
            let called = self.inner(event, &handler);
            let then: Vec<Entry> =
                called.results.iter().map(|result| Entry::new(result.as_str(), next.clone())).collect();
            let definition = vec![Entry::new("call", called.name.as_str()), Entry::new("then", then)];
            self.draft.add(event.node, &handler, definition, Vec::new());
            self.say(
                event.node,
                Fate::Mapped,
                format!("节点 `{name}` 的 `on`，转到节点 `{handler}`"),
                format!("an entry of `on` of the node `{name}`, which leads to the node `{handler}`"),
            );
            entry.push(Entry::new("to", handler));
            on.push(Yaml::Map(entry));
        }
        on
    }

    /// An event sub-process of a whole process has no call at whose border it could stand.
    pub(crate) fn event_sub(&mut self, node: &'a FlowNode<'a>) {
        if node.node.parent_element().is_some_and(|parent| parent.has_tag_name((crate::xml::BPMN, "process"))) {
            self.import.ledger.drop_whole(
                node.node,
                "整个流程的事件子流程没有对应：请把流程的主体放进一个 `call`，在它的 `on` 里写这个事件",
                "a whole process has no event sub-process: put the body into a `call`, and write the event in its `on`",
            );
        }
    }

    /// An ad-hoc sub-process: a stage with an offer for each of its tasks, and one to finish.
    pub(crate) fn ad_hoc(&mut self, node: &'a FlowNode<'a>, name: &str) {
        let comment = self.comments(node.node, node.id);
        let Some(inner) = &node.scope else { return };
        let mut names = Names::default();
        names.give("finish");
        let mut offers = Vec::new();
        for task in &inner.nodes {
            if !matches!(task.kind, Kind::Task(Work::Person)) {
                self.import.ledger.drop_whole(
                    task.node,
                    "阶段里只有人能做的事：请把它写成被调用的流程",
                    "a stage offers what people do: make it a workflow that is called",
                );
                continue;
            }
            let offer = names.give(&slug(task.name.unwrap_or_default(), "offer"));
            let who = self.assign(task);
            let title = one_line(task.name.unwrap_or(&offer));
            self.say(
                task.node,
                Fate::Mapped,
                format!("阶段 `{name}` 的事项 `{offer}`"),
                format!("the offer `{offer}` of the stage `{name}`"),
            );
            for part in ["incoming", "outgoing"] {
                for child in children(task.node, part) {
                    self.import.ledger.part(child);
                }
            }
            offers.push(Entry::new(
                offer,
                vec![Entry::new("zh", title.as_str()), Entry::new("en", title.as_str()), Entry::new("who", who)],
            ));
        }
        for flow in &inner.flows {
            self.say(flow.node, Fate::Dropped, "阶段里的事项没有先后", "what a stage offers has no order");
        }
        let done = child_text(node.node, "completionCondition");
        for child in children(node.node, "completionCondition") {
            self.import.ledger.part(child);
        }
        let who = self.assign(node);
        let mut finish = vec![Entry::new("who", who)];
        if let Some(text) = done {
            if docket_engine::expr::compile(text, &super::gateway::facts(), &docket_engine::expr::Type::Bool).is_err() {
                self.open_text(node.node, "完成条件", "the condition of completion", text);
            }
            finish.push(Entry::new("when", text));
        }
        let to = self.after(node, name);
        finish.push(Entry::new("to", to));
        offers.push(Entry::new("finish", finish));
        let mut definition =
            vec![Entry::new("stage", one_line(node.name.unwrap_or(name))), Entry::new("offers", offers)];
        let on = self.border(node, false);
        if !on.is_empty() {
            definition.push(Entry::new("on", on));
        }
        self.unrepeated(node);
        self.say(
            node.node,
            Fate::Assumed,
            format!("节点 `{name}`（阶段）：由人办结"),
            format!("node `{name}` (a stage): somebody finishes it"),
        );
        self.draft.add(node.node, name, definition, comment);
    }
}
